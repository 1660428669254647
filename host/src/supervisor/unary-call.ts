import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { MuvmError, toMuvmError } from '@muvm/errors';
import { describeStatus, framed, GRPC_STATUS, MessageReader, readStatus } from '@muvm/grpc';
import { deadline } from '@muvm/lifetime';

export interface UnaryCallOptions {
  /** Name of the method, for errors. */
  readonly method: string;
  readonly replyBytesMax: number;
  readonly timeoutMs: number;
}

/**
 * Sends the one request of a call to the guest and returns the one reply. The guest is a stranger: whatever it sends leads to the
 * bytes of one message or to one error.
 *
 * OWNERSHIP: takes the stream.
 *
 * @throws MuvmError TIMED_OUT if the guest does not end the call in time, VM_ENDED if the connection is lost, PROTOCOL if the
 * reply breaks the rules of gRPC, INTERNAL if the status is not OK; the GrpcStatus is the cause then
 */
export async function unaryCall(
  stream: ClientHttp2Stream,
  request: Uint8Array,
  { method, replyBytesMax, timeoutMs }: UnaryCallOptions,
): Promise<Buffer> {
  const { session } = stream;
  // Errors after the reply have no reader.
  stream.on('error', () => {});
  stream.end(framed(request));
  try {
    const reply = readReply(stream, method, replyBytesMax);
    return await deadline(reply, timeoutMs, { what: `Guest did not answer "${method}"` });
  } catch (error) {
    if (session?.destroyed) throw notConnected(method);
    throw toMuvmError(error, 'PROTOCOL', `Cannot call "${method}"`);
  } finally {
    stream.destroy();
  }
}

export function notConnected(method: string): MuvmError {
  return new MuvmError('VM_ENDED', `Cannot call "${method}": no connection to the guest`);
}

async function readReply(stream: ClientHttp2Stream, method: string, replyBytesMax: number): Promise<Buffer> {
  const broken = (reason: string) => new MuvmError('PROTOCOL', `Cannot read the reply to "${method}": ${reason}`);
  /** Has the status: the trailers, or the headers of a reply without a message. */
  let ending: IncomingHttpHeaders | undefined;
  stream.once('response', (headers, flags) => {
    const httpStatus = headers[':status'];
    if (httpStatus !== constants.HTTP_STATUS_OK) stream.destroy(broken(`HTTP status ${httpStatus}`));
    if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) ending = headers;
  });
  stream.once('trailers', (trailers) => {
    ending = trailers;
  });
  const reader = new MessageReader(replyBytesMax);
  const messages: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    messages.push(...reader.push(chunk));
    if (messages.length > 1) throw broken('more than one message');
  }
  if (ending === undefined) throw broken('no status');
  const status = readStatus(ending);
  if (status.code !== GRPC_STATUS.OK) {
    throw new MuvmError('INTERNAL', `Cannot call "${method}": guest returned ${describeStatus(status)}`, {
      cause: status,
    });
  }
  if (!reader.isBetweenMessages) throw broken('message is cut off');
  if (messages[0] === undefined) throw broken('no message');
  return messages[0];
}
