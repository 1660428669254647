import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { GRPC_STATUS, REPLY_HEADERS, statusTrailers } from '@muvm/grpc';
import { openServerSession } from '@muvm/link';
import { Call } from './call.ts';

/** What answers each call, by the path of its method. */
export type Handlers = Readonly<Record<string, (call: Call) => void>>;

/** Serves gRPC on every connection that it is given. */
export class RpcServer {
  readonly #handlers: Handlers;
  readonly #sessions = new Set<Http2Session>();

  constructor(handlers: Handlers) {
    this.#handlers = handlers;
  }

  /** OWNERSHIP: takes the connection. What ends it ends its calls, and nothing else. */
  serve(connection: Duplex): void {
    const session = openServerSession(connection, 'narrow');
    this.#sessions.add(session);
    session.once('close', () => this.#sessions.delete(session));
    session.on('stream', (stream, headers) => answer(this.#handlers, stream, headers));
  }

  /** Takes no more calls, and ends once those that run have ended and their answers have left. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => new Promise<void>((resolve) => session.close(resolve))));
  }
}

function answer(handlers: Handlers, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const handler = handlers[headers[':path'] ?? ''];
  if (headers[':method'] !== 'POST' || handler === undefined) {
    refuse(stream);
    return;
  }
  const call = new Call(stream, headers);
  try {
    handler(call);
  } catch (error) {
    call.fail(error);
  }
}

function refuse(stream: ServerHttp2Stream): void {
  stream.on('error', () => {});
  stream.resume();
  stream.respond({ ...REPLY_HEADERS, ...statusTrailers(GRPC_STATUS.UNIMPLEMENTED) }, { endStream: true });
}
