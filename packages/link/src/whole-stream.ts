import { constants, type Http2Stream } from 'node:http2';

type DestroyCallback = (error?: Error | null) => void;
type SpendReset = (reset: () => void) => void;

/**
 * Gives an HTTP/2 stream the manners of {@link Link}: it ends as a whole, and one that is destroyed before its end
 * tells the other side so by an error code (`destroy()` alone sends NO_ERROR, which reads there as a regular end).
 */
export function makeWhole(stream: Http2Stream, spendReset: SpendReset): void {
  stream.on('error', () => {});
  stream.once('end', () => stream.end());
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

function isOver(stream: Http2Stream): boolean {
  return stream.closed || (stream.readableEnded && stream.writableFinished) || stream.session?.destroyed !== false;
}
