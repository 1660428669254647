import type { Http2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { reasonOf } from '@muvm/errors';
import { delay } from '@muvm/lifetime';
import { type KeepAliveOptions, keepAlive, proveSession } from './sessions.ts';

/** Told about the sessions of one port, which come one after another. */
export interface SessionEvents<Session> {
  /** The session is in use from here on. */
  onUp(session: Session): void;
  /** The last session is over; the reason fits the end of a sentence. */
  onDown(reason: string): void;
}

export interface SessionClient<Session> extends SessionEvents<Session> {
  /** Starts the session: `openClientSession` or `openServerSession`, as the host. */
  establish(stream: Duplex): Session;
}

export interface SessionTiming extends KeepAliveOptions {
  /** How long the first session may take to be answered: the guest boots meanwhile, and no older session exists. */
  readonly firstProofTimeoutMs: number;
  /** The same for every later one, doubled with each failure up to the first limit. */
  readonly proofTimeoutMs: number;
  /** Time between two sessions, in which the guest must see that the host is gone: more than its poll interval. */
  readonly pauseMs: number;
}

const TIMING: SessionTiming = {
  firstProofTimeoutMs: 60_000,
  proofTimeoutMs: 3000,
  pauseMs: 500,
  pingIntervalMs: 5000,
  // A guest that starts a hundred programs at once answers late, and is not dead: that the VMM tells by other ways.
  pingTimeoutMs: 120_000,
};

/** Opens what a session runs on, however long that takes. Undefined once the signal is aborted. */
export type OpenStream = (signal: AbortSignal) => Promise<Duplex | undefined>;

/**
 * Keeps one proven HTTP/2 session to the guest, and starts another whenever it ends. The promise ends with the signal.
 *
 * @throws what `open` throws
 */
export async function keepSession<Session extends Http2Session>(
  open: OpenStream,
  client: SessionClient<Session>,
  signal: AbortSignal,
  timing: Partial<SessionTiming> = {},
): Promise<void> {
  const { firstProofTimeoutMs, proofTimeoutMs, pauseMs, ...pings } = { ...TIMING, ...timing };
  let timeoutMs = firstProofTimeoutMs;
  while (!signal.aborted) {
    const stream = await open(signal);
    if (stream === undefined) return;
    const proved = await runSession(stream, client, timeoutMs, pings, signal);
    const firstFailed = timeoutMs === firstProofTimeoutMs;
    timeoutMs = proved || firstFailed ? proofTimeoutMs : Math.min(timeoutMs * 2, firstProofTimeoutMs);
    await delay(pauseMs, signal);
  }
}

async function runSession<Session extends Http2Session>(
  stream: Duplex,
  { establish, onUp, onDown }: SessionClient<Session>,
  timeoutMs: number,
  pings: KeepAliveOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const session = establish(stream);
  let reason = 'the guest ended the session';
  session.on('error', (error) => {
    reason = reasonOf(error);
  });
  const closed = new Promise<void>((resolve) => session.once('close', () => resolve()));
  const destroy = () => session.destroy();
  signal.addEventListener('abort', destroy, { once: true });
  try {
    const proved = await proveSession(session, timeoutMs).then(
      () => true,
      () => false,
    );
    if (!proved) return false;
    keepAlive(session, pings);
    onUp(session);
    await closed;
    onDown(signal.aborted ? 'the host ended the session' : reason);
    return true;
  } finally {
    destroy();
    stream.destroy();
    signal.removeEventListener('abort', destroy);
  }
}
