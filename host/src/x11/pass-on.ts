import type { Duplex } from 'node:stream';

/**
 * Passes what one side says on to the other, and its end. A slow reader makes the writer wait. Without a stream between, as
 * each one costs a round trip more time than the bytes do.
 *
 * @param filter what is passed for a piece; what it throws goes to `onFault`, after which nothing more passes
 */
export function passOn(
  from: Duplex,
  to: Duplex,
  filter: (chunk: Buffer) => readonly Buffer[],
  onFault: (error: unknown) => void,
): void {
  const onData = (chunk: Buffer) => {
    // Nobody reads it any more, and that is no fault of the writer.
    if (to.writableEnded) return;
    let pieces: readonly Buffer[];
    try {
      pieces = filter(chunk);
    } catch (error) {
      from.off('data', onData);
      return onFault(error);
    }
    if (writeAll(to, pieces)) return;
    from.pause();
    to.once('drain', () => from.resume());
  };
  from.on('data', onData);
  from.once('end', () => to.end());
  from.once('close', () => from.readableEnded || to.destroy());
  // One that has gone drains no more; the writer is to come to its own end.
  to.once('close', () => from.resume());
  from.resume();
}

/** @returns whether more may be written at once */
function writeAll(to: Duplex, pieces: readonly Buffer[]): boolean {
  let hasRoom = true;
  if (pieces.length > 1) to.cork();
  for (const piece of pieces) if (piece.length > 0) hasRoom = to.write(piece);
  if (pieces.length > 1) to.uncork();
  return hasRoom;
}
