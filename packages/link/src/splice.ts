import type { Duplex } from 'node:stream';

/** How long the other stream may take to end once one is closed and everything is written. */
const END_GRACE_MS = 1000;

/**
 * Joins two streams: what one reads, the other writes, no faster than it takes it. An end passes on as an end; an error,
 * or a close before the end, destroys the other one. OWNERSHIP: takes both.
 */
export function splice(a: Duplex, b: Duplex): void {
  join(a, b);
  join(b, a);
}

function join(from: Duplex, to: Duplex): void {
  from.on('error', (error) => to.destroy(error));
  from.once('close', () => {
    if (!from.readableEnded || !from.writableFinished) to.destroy(new Error('The other half closed before its end'));
    else if (!to.readableEnded) endWithoutTaker(to);
  });
  from.pipe(to);
}

// The stream has been told the end already and most often answers with its own. To destroy it at once would make a
// reset of every ordinary end.
function endWithoutTaker(stream: Duplex): void {
  const onWritten = () => {
    stream.once('data', () => stream.destroy(new Error('Nobody takes what the stream still carries')));
    const timer = setTimeout(() => stream.destroy(), END_GRACE_MS).unref();
    stream.once('close', () => clearTimeout(timer));
    stream.resume();
  };
  if (stream.writableFinished) onWritten();
  else stream.once('finish', onWritten);
}
