import { type ClientHttp2Session, connect, createServer, type Http2Session, type ServerHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { MuvmError } from '@muvm/errors';
import { Deferred, deadline } from '@muvm/lifetime';
import {
  CLIENT_SESSION_OPTIONS,
  SERVER_SESSION_OPTIONS,
  type SessionWindow,
  setSessionWindow,
} from './http2-options.ts';

/**
 * Starts an HTTP/2 session on the side that opens streams. Its 'close' tells its end; an error of it, which a peer can
 * cause at will, is never uncaught.
 */
export function openClientSession(socket: Duplex, window: SessionWindow): ClientHttp2Session {
  const session = connect('http://muvm', { ...CLIENT_SESSION_OPTIONS, createConnection: () => socket });
  session.on('error', () => {});
  session.once('connect', () => setSessionWindow(session, window));
  return session;
}

/** The same on the side that takes streams: they come as 'stream' events of the session. */
export function openServerSession(socket: Duplex, window: SessionWindow): ServerHttp2Session {
  const server = createServer(SERVER_SESSION_OPTIONS);
  let opened: ServerHttp2Session | undefined;
  server.once('session', (session) => {
    opened = session;
  });
  server.emit('connection', socket);
  if (opened === undefined) throw new MuvmError('INTERNAL', 'Cannot start an HTTP/2 session');
  opened.on('error', () => {});
  setSessionWindow(opened, window);
  return opened;
}

/**
 * Waits until the other side has proved that it speaks HTTP/2 with us now: its SETTINGS have come and it answers a
 * ping. On a serial port neither a connection nor a write tells that.
 *
 * @throws MuvmError TIMED_OUT, or PROTOCOL where the session ends meanwhile
 */
export async function proveSession(session: Http2Session, timeoutMs: number): Promise<void> {
  const proof = new Deferred<void>();
  const onClose = () => proof.reject(new MuvmError('PROTOCOL', 'HTTP/2 session ended before it began'));
  const ping = () => session.ping((error) => (error ? proof.reject(error) : proof.resolve()));
  session.once('close', onClose);
  session.once('remoteSettings', ping);
  try {
    await deadline(proof.promise, timeoutMs, { what: 'HTTP/2 session was not answered' });
  } finally {
    session.off('close', onClose);
    session.off('remoteSettings', ping);
  }
}

export interface KeepAliveOptions {
  readonly pingIntervalMs: number;
  /** Time without an answer after which the session is destroyed. */
  readonly pingTimeoutMs: number;
}

/** Asks again and again: a serial port shows neither a dead agent nor a session that the other side has forgotten. */
export function keepAlive(session: Http2Session, { pingIntervalMs, pingTimeoutMs }: KeepAliveOptions): void {
  // Counted in turns of the timer, not by the clock: a process that was stopped for a while blames nobody.
  let silentMs = 0;
  const timer = setInterval(() => {
    if (session.destroyed) return;
    if (silentMs >= pingTimeoutMs) {
      session.destroy(new MuvmError('TIMED_OUT', `HTTP/2 session gave no sign of life within ${pingTimeoutMs} ms`));
      return;
    }
    if (silentMs === 0)
      session.ping(() => {
        silentMs = 0;
      });
    silentMs += pingIntervalMs;
  }, pingIntervalMs).unref();
  session.once('close', () => clearInterval(timer));
}
