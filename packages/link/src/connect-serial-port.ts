import type { Http2Session } from 'node:http2';
import { createConnection, type Socket } from 'node:net';
import { toMuvmError } from '@muvm/errors';
import { delay } from '@muvm/lifetime';
import { keepSession, type SessionClient, type SessionTiming } from './keep-session.ts';

const CONNECT_RETRY_MS = 20;

/**
 * The host's side of a virtio-serial port whose chardev QEMU serves on a unix socket (`server=on,wait=off`): keeps one
 * proven HTTP/2 session on it. The promise ends with the signal.
 */
export function connectSerialPort<Session extends Http2Session>(
  path: string,
  client: SessionClient<Session>,
  signal: AbortSignal,
  timing: Partial<SessionTiming> = {},
): Promise<void> {
  return keepSession((until) => connectPath(path, until), client, signal, timing);
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
