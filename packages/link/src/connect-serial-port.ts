import type { Http2Session } from 'node:http2';
import { createConnection, type Socket } from 'node:net';
import { reasonOf, toMuvmError } from '@muvm/errors';
import { delay } from '@muvm/lifetime';
import { type KeepAliveOptions, keepAlive, proveSession } from './sessions.ts';

/** Told about the sessions of one port, which come one after another. */
export interface SessionEvents<Session> {
  /** The session is in use from here on. */
  onUp(session: Session): void;
  /** The last session is over; the reason fits the end of a sentence. */
  onDown(reason: string): void;
}

export interface SerialPortClient<Session> extends SessionEvents<Session> {
  /** Starts the session: `openClientSession` or `openServerSession`, as the host. */
  establish(socket: Socket): Session;
}

export interface SerialPortTiming extends KeepAliveOptions {
  /** How long the first session may take to be answered: the guest boots meanwhile, and no older session exists. */
  readonly firstProofTimeoutMs: number;
  /** The same for every later one, doubled with each failure up to the first limit. */
  readonly proofTimeoutMs: number;
  /** Time between two sessions, in which the guest must see that the host is gone: more than its poll interval. */
  readonly pauseMs: number;
}

const TIMING: SerialPortTiming = {
  firstProofTimeoutMs: 60_000,
  proofTimeoutMs: 3000,
  pauseMs: 500,
  pingIntervalMs: 5000,
  // A guest that starts a hundred programs at once answers late, and is not dead: that QEMU tells by other ways.
  pingTimeoutMs: 120_000,
};

const CONNECT_RETRY_MS = 20;

/**
 * The host's side of a virtio-serial port whose chardev QEMU serves on a unix socket (`server=on,wait=off`): keeps one
 * proven HTTP/2 session on it, and starts another whenever it ends. The promise ends with the signal.
 */
export async function connectSerialPort<Session extends Http2Session>(
  path: string,
  client: SerialPortClient<Session>,
  signal: AbortSignal,
  timing: Partial<SerialPortTiming> = {},
): Promise<void> {
  const { firstProofTimeoutMs, proofTimeoutMs, pauseMs, ...pings } = { ...TIMING, ...timing };
  let timeoutMs = firstProofTimeoutMs;
  while (!signal.aborted) {
    const socket = await connectPath(path, signal);
    if (socket === undefined) return;
    const proved = await runSession(socket, client, timeoutMs, pings, signal);
    const firstFailed = timeoutMs === firstProofTimeoutMs;
    timeoutMs = proved || firstFailed ? proofTimeoutMs : Math.min(timeoutMs * 2, firstProofTimeoutMs);
    await delay(pauseMs, signal);
  }
}

async function runSession<Session extends Http2Session>(
  socket: Socket,
  { establish, onUp, onDown }: SerialPortClient<Session>,
  timeoutMs: number,
  pings: KeepAliveOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const session = establish(socket);
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
    socket.destroy();
    signal.removeEventListener('abort', destroy);
  }
}

async function connectPath(path: string, signal: AbortSignal): Promise<Socket | undefined> {
  while (!signal.aborted) {
    try {
      return await connectOnce(path);
    } catch (error) {
      if (!mayPass(error)) throw toMuvmError(error, 'SYSTEM', `Cannot connect to "${path}"`);
      await delay(CONNECT_RETRY_MS, signal);
    }
  }
  return undefined;
}

/** QEMU makes the socket some time after its start, and refuses while its backlog holds the last connection. */
function mayPass(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EAGAIN';
}

function connectOnce(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}
