import { type ClientHttp2Session, type ClientHttp2Stream, constants, type OutgoingHttpHeaders } from 'node:http2';
import type { Duplex } from 'node:stream';
import { Deferred } from '@muvm/lifetime';
import { openClientSession, ResetBudget, type SessionClient, type SessionWindow } from '@muvm/link';
import { HOST_TIME_HEADER } from '@muvm/protocol/contract';

/** One HTTP/2 session to the guest's gRPC service that carries many calls, and comes back when it is lost. */
export interface RpcSession {
  /** Resolves when the guest has answered for the first time; rejects where the session can never be made. */
  readonly up: Promise<void>;
  /** Opens a call. Undefined while the guest cannot be reached. */
  request(headers: OutgoingHttpHeaders): ClientHttp2Stream | undefined;
  /** Whether a call goes over the session as it is now. */
  owns(call: ClientHttp2Stream): boolean;
  /** Gives a call up; one that has ended already is left alone. */
  cancel(call: ClientHttp2Stream): void;
}

/** Keeps a session, for as long as its signal lets it: `connectSerialPort` or `connectLinkPort`. */
export type KeepRpc = (client: SessionClient<ClientHttp2Session>, signal: AbortSignal) => Promise<void>;

export interface RpcOptions {
  readonly window: SessionWindow;
  /** Told of each session that is lost; the reason fits the end of a sentence. */
  readonly onDown: (reason: string) => void;
}

export function rpcSession(keep: KeepRpc, { window, onDown }: RpcOptions, signal: AbortSignal): RpcSession {
  const up = new Deferred<void>();
  let session: ClientHttp2Session | undefined;
  let resets = new ResetBudget();
  const client = {
    establish: (stream: Duplex) => openClientSession(stream, window),
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
  keep(client, signal).catch((error: unknown) => up.reject(error));
  signal.addEventListener('abort', () => session?.destroy(), { once: true });
  return {
    up: up.promise,
    request(headers) {
      if (!session || session.closed || session.destroyed) return undefined;
      return session.request({ ...headers, [HOST_TIME_HEADER]: String(Date.now()) });
    },
    owns: (call) => session !== undefined && call.session === session,
    cancel(call) {
      if (!call.closed) resets.spend(() => call.close(constants.NGHTTP2_CANCEL));
    },
  };
}
