import type { Writable } from 'node:stream';
import { MuvmError, reasonOf } from '@muvm/errors';

/** Nobody reads our output any more, as behind `| head -1`. Not an error of anybody. */
export class OutputClosed extends Error {}

/**
 * Writes a piece and waits until the system has taken it, so that a slow reader slows its writer down and nothing
 * is left unwritten at the end.
 *
 * @throws OutputClosed where the reader is gone
 * @throws MuvmError SYSTEM where it cannot be written for another reason, such as a full disk
 */
export async function writePiece(output: Writable, piece: Uint8Array | string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      output.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isGone = code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED' || code === 'EIO';
    if (isGone) throw new OutputClosed('Output has no reader', { cause: error });
    throw new MuvmError('SYSTEM', `Cannot write the output of the command: ${reasonOf(error)}`, { cause: error });
  }
}
