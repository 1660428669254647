import { once } from 'node:events';
import { connect, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { REPLY_HEADERS } from '@muvm/grpc';
import type { GuestRpc } from '../driver/index.ts';

export type Answer = (stream: ServerHttp2Stream) => void;

/** A guest for tests that does with each call what the test says. */
export async function startTestGuest(answer: Answer): Promise<AsyncDisposable & { readonly rpc: GuestRpc }> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer().on('session', (session) => sessions.add(session));
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.resume();
    answer(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  session.on('error', () => {});
  await once(session, 'connect');
  return {
    rpc: {
      up: Promise.resolve(),
      request: (_identity, headers) => (session.destroyed ? undefined : session.request(headers)),
      cancel: (stream) => stream.close(),
    },
    async [Symbol.asyncDispose]() {
      session.destroy();
      for (const each of sessions) each.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with the bytes of a body and with trailers. */
export function answering(body: Uint8Array, trailers: Readonly<Record<string, string>>): Answer {
  return (stream) => {
    stream.respond(REPLY_HEADERS, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ ...trailers }));
    stream.end(body);
  };
}
