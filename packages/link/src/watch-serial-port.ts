import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { type MuvmError, toMuvmError } from '@muvm/errors';
import { delay } from '@muvm/lifetime';
import { adoptStream, duplicateDescriptor, isHungUp } from '@muvm/linux';

export interface WatchSerialPortOptions {
  /** How long the device node may be missing or taken. */
  readonly openTimeoutMs?: number;
  /** How often a live connection is asked whether its host is gone. */
  readonly pollIntervalMs?: number;
}

const OPEN_TIMEOUT_MS = 10_000;
const OPEN_RETRY_MS = 10;
const POLL_INTERVAL_MS = 200;
const FIRST_POLL_MS = 2;
const PAUSE_MS = 20;
const DRAIN_CHUNK_BYTES = 64 * 1024;

/**
 * The guest's side of a virtio-serial port: hands out one socket for each time the host is there, until the signal
 * aborts. Whoever gets the socket owns it; it is destroyed when the host goes away, and only then comes the next one.
 *
 * The promise ends with the signal. @throws MuvmError SYSTEM where the device cannot be opened within its limit
 */
export async function watchSerialPort(
  devicePath: string,
  onConnection: (socket: Socket) => void,
  signal: AbortSignal,
  { openTimeoutMs = OPEN_TIMEOUT_MS, pollIntervalMs = POLL_INTERVAL_MS }: WatchSerialPortOptions = {},
): Promise<void> {
  while (!signal.aborted) {
    const port = await openPort(devicePath, openTimeoutMs, signal);
    if (port === undefined) return;
    try {
      if (isHungUp(port)) drain(port);
      await hostArrival(port, pollIntervalMs, signal);
      if (!signal.aborted) await holdConnection(port, onConnection, pollIntervalMs, signal);
    } finally {
      // Closing makes the kernel drop what it still holds, which would poison the next session.
      closeSync(port);
    }
    // A host that sends what nobody understands must not keep this loop spinning.
    await delay(PAUSE_MS, signal);
  }
}

async function openPort(devicePath: string, timeoutMs: number, signal: AbortSignal): Promise<number | undefined> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!signal.aborted) {
    try {
      return openSync(devicePath, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);
    } catch (error) {
      if (!mayPass(error) || performance.now() > giveUpAt) throw openError(devicePath, error);
      await delay(OPEN_RETRY_MS, signal);
    }
  }
  return undefined;
}

/** Missing: the kernel has not found the device yet. Busy: a port has one opener, and the last one is just leaving. */
function mayPass(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'EBUSY' || code === 'ENXIO';
}

function openError(devicePath: string, error: unknown): MuvmError {
  return toMuvmError(error, 'SYSTEM', `Cannot open the serial port "${devicePath}"`);
}

/** Throws away what the last host left. With no host connected a read ends with 0 bytes, else with EAGAIN. */
function drain(port: number): void {
  const chunk = Buffer.allocUnsafe(DRAIN_CHUNK_BYTES);
  try {
    while (readSync(port, chunk) > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
}

// A port without a host ends every read at once and makes libuv spin on a write, so it is adopted only when one is there.
async function hostArrival(port: number, pollIntervalMs: number, signal: AbortSignal): Promise<void> {
  let waitMs = FIRST_POLL_MS;
  while (!signal.aborted && isHungUp(port)) {
    await delay(waitMs, signal);
    waitMs = Math.min(waitMs * 2, pollIntervalMs);
  }
}

async function holdConnection(
  port: number,
  onConnection: (socket: Socket) => void,
  pollIntervalMs: number,
  signal: AbortSignal,
): Promise<void> {
  const socket = adoptStream(duplicateDescriptor(port));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const destroy = () => socket.destroy();
  socket.on('error', destroy);
  // A port has no half-close, and node:http2 would go on with a socket that has ended.
  socket.once('end', destroy);
  // A host that leaves while nothing is read, or comes back at once, shows nowhere else.
  const poll = setInterval(() => isHungUp(port) && destroy(), pollIntervalMs);
  signal.addEventListener('abort', destroy, { once: true });
  try {
    onConnection(socket);
    await closed;
  } finally {
    destroy();
    clearInterval(poll);
    signal.removeEventListener('abort', destroy);
  }
}
