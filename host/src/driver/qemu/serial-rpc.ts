import { type ClientHttp2Session, type ClientHttp2Stream, constants, type OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { Deferred } from '@muvm/lifetime';
import { connectSerialPort, openClientSession, ResetBudget } from '@muvm/link';
import { HOST_TIME_HEADER, IDENTITY_HEADER, type Identity } from '@muvm/protocol/contract';
import type { GuestRpc } from '../driver.ts';

/** The guest's gRPC service behind a virtio-serial port: one HTTP/2 session that carries the calls of all clients. */
export function serialRpc(socketPath: string, onDown: (reason: string) => void, signal: AbortSignal): GuestRpc {
  const up = new Deferred<void>();
  let session: ClientHttp2Session | undefined;
  let resets = new ResetBudget();
  const events = {
    establish: (socket: Socket) => openClientSession(socket, 'host'),
    onUp(proved: ClientHttp2Session) {
      session = proved;
      resets = new ResetBudget();
      up.resolve();
    },
    onDown(reason: string) {
      session = undefined;
      resets.release();
      onDown(reason);
    },
  };
  connectSerialPort(socketPath, events, signal).catch((error: unknown) => up.reject(error));
  signal.addEventListener('abort', () => session?.destroy(), { once: true });
  return {
    up: up.promise,
    request(identity: Identity, headers: OutgoingHttpHeaders): ClientHttp2Stream | undefined {
      if (!session || session.closed || session.destroyed) return undefined;
      return session.request({ ...headers, [IDENTITY_HEADER]: identity, [HOST_TIME_HEADER]: String(Date.now()) });
    },
    cancel(call: ClientHttp2Stream): void {
      if (!call.closed) resets.spend(() => call.close(constants.NGHTTP2_CANCEL));
    },
  };
}
