import { EPOLL_EVENTS, Epoll, sendMessage } from '@muvm/linux';

const WAIT_MS = 10_000;

/** Sends all of a message, as a blocking socket does. A server that is gone takes it all, and says so elsewhere. */
export function sendAll(socket: number, data: Buffer, descriptors: readonly number[]): void {
  try {
    for (let at = 0; at < data.length; ) {
      const taken = sendMessage(socket, data.subarray(at), at === 0 ? descriptors : []);
      if (taken === 0) waitForRoom(socket);
      at += taken;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPIPE' && code !== 'ECONNRESET') throw error;
  }
}

function waitForRoom(socket: number): void {
  using epoll = new Epoll();
  epoll.add(socket, EPOLL_EVENTS.out);
  const latestMs = performance.now() + WAIT_MS;
  // A wait may end before its time with nothing to tell.
  while (epoll.wait(latestMs - performance.now()).length === 0) {
    if (performance.now() > latestMs) throw new Error('The server reads nothing');
  }
}
