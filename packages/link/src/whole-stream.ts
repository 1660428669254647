import { constants, type Http2Stream } from 'node:http2';
import { MuvmError } from '@muvm/errors';

type DestroyCallback = (error?: Error | null) => void;
type SpendReset = (reset: () => void) => void;

export interface StreamManners {
  /** Sends a reset, now or when its turn has come. */
  readonly spendReset: SpendReset;
  readonly allowHalfOpen?: boolean | undefined;
}

/**
 * Gives an HTTP/2 stream the manners of {@link Link}: it ends as a whole, unless it may be half open, and one that is
 * destroyed before its end tells the other side so by an error code (`destroy()` alone sends NO_ERROR, which reads
 * there as a regular end).
 */
export function makeWhole(stream: Http2Stream, { spendReset, allowHalfOpen }: StreamManners): void {
  stream.on('error', () => {});
  if (!allowHalfOpen) stream.once('end', () => stream.end());
  makeLossAnError(stream);
  const destroyNow = stream._destroy.bind(stream);
  stream._destroy = (error: Error | null, callback: DestroyCallback) => {
    if (isOver(stream)) return destroyNow(error, callback);
    spendReset(() => {
      if (!stream.closed) stream.close(constants.NGHTTP2_CONNECT_ERROR);
      // Node makes an error of any code; whoever destroyed the stream without one wants none.
      destroyNow(error, () => callback(error));
    });
  };
}

/**
 * A session that is lost closes its streams with CANCEL, which Node shows to a reader as a regular end: half a file
 * would look whole.
 */
function makeLossAnError(stream: Http2Stream): void {
  const push = stream.push.bind(stream);
  stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk !== null || !stream.closed || stream.rstCode === constants.NGHTTP2_NO_ERROR) return push(chunk, encoding);
    stream.destroy(new MuvmError('PROTOCOL', 'Stream was cut off before its end'));
    return false;
  };
}

function isOver(stream: Http2Stream): boolean {
  return stream.closed || (stream.readableEnded && stream.writableFinished) || stream.session?.destroyed !== false;
}
