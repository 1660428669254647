import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { toMuvmError } from '@muvm/errors';
import { GRPC_STATUS, methodPath, REPLY_HEADERS, servicePrefix, statusTrailers } from '@muvm/grpc';
import { SERVER_SESSION_OPTIONS, setSessionWindow } from '@muvm/link';
import { GuestDefinition, type Identity } from '@muvm/protocol/contract';
import type { CallGate } from './call-gate.ts';
import { relayCall } from './relay-call.ts';

const SERVICE_PREFIX = servicePrefix(GuestDefinition);
const EXEC_PATH = methodPath(GuestDefinition, 'exec');
const BACKLOG = 511;

/** Told of the calls that keep a VM alive. */
export interface CallCounter {
  begin(): void;
  end(): void;
}

/** The socket of one identity: gRPC for clients, relayed call by call to the guest. */
export class CallServer implements AsyncDisposable {
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(identity: Identity, gate: CallGate, counter: CallCounter) {
    this.#server = createServer(SERVER_SESSION_OPTIONS);
    this.#server.on('session', (session) => this.#keep(session));
    this.#server.on('sessionError', () => {});
    this.#server.on('stream', (stream, headers) => {
      const path = headers[':path'] ?? '';
      if (!path.startsWith(SERVICE_PREFIX)) return refuseUnknown(stream);
      if (path === EXEC_PATH) count(stream, counter);
      void relayCall(stream, headers, identity, gate);
    });
  }

  #keep(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.on('error', () => {});
    session.once('close', () => this.#sessions.delete(session));
    // The narrow one: whatever the client may send fits into its socket, so it is never blocked on a write, and reads.
    setSessionWindow(session, 'narrow');
  }

  /** @throws MuvmError RUN_DIRECTORY where the socket cannot be made */
  async listen(path: string): Promise<void> {
    await listenOn(this.#server, path);
  }

  /** Takes no new connection, and removes the socket; calls that run go on. */
  close(): void {
    this.#server.close();
  }

  /** Ends the calls that still run. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    for (const session of this.#sessions) session.close();
    const closed = [...this.#sessions].map((session) => once(session, 'close'));
    const timer = setTimeout(() => {
      for (const session of this.#sessions) session.destroy();
    }, FAREWELL_MS);
    await Promise.allSettled(closed);
    clearTimeout(timer);
  }
}

// What a client gets to read the end of its calls.
const FAREWELL_MS = 500;

function refuseUnknown(stream: ServerHttp2Stream): void {
  stream.on('error', () => {});
  stream.resume();
  const trailers = { ...statusTrailers(GRPC_STATUS.UNIMPLEMENTED), 'grpc-message': 'unknown service' };
  stream.respond({ ...REPLY_HEADERS, ...trailers }, { endStream: true });
}

function count(stream: ServerHttp2Stream, counter: CallCounter): void {
  counter.begin();
  stream.once('close', () => counter.end());
}

/** @throws MuvmError RUN_DIRECTORY */
export async function listenOn(server: import('node:net').Server | Http2Server, path: string): Promise<void> {
  server.listen({ path, backlog: BACKLOG });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw toMuvmError(error, 'RUN_DIRECTORY', `Cannot listen on "${path}"`, 'Free some space there.');
  }
}
