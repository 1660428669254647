import { constants } from 'node:os';
import { checked, lastErrno, libcFunction } from './libc.ts';

/** Events of poll(2), from asm-generic/poll.h. */
export const POLL_EVENTS = { in: 0x01, hangUp: 0x10 } as const;

const native = {
  poll: libcFunction('int poll(void *fds, unsigned long count, int timeoutMs)'),
};

/** What is true of a descriptor now, as a sum of {@link POLL_EVENTS}; `hangUp` is told unasked. */
export function pollNow(fd: number, events: number): number {
  return pollFor(fd, events, 0);
}

/** The same, once anything of it is true; 0 where nothing was in time. Blocks the thread. */
export function pollFor(fd: number, events: number, timeoutMs: number): number {
  // struct pollfd: 0 i32 fd · 4 i16 events · 6 i16 revents
  const pollfd = Buffer.alloc(8);
  pollfd.writeInt32LE(fd, 0);
  pollfd.writeInt16LE(events, 4);
  const endMs = performance.now() + timeoutMs;
  let result: number;
  // A signal that waits, such as SIGCHLD, interrupts even a call that does not wait.
  do result = native.poll(pollfd, 1, Math.max(0, Math.ceil(endMs - performance.now())));
  while (result < 0 && lastErrno() === constants.errno.EINTR);
  checked('poll', result);
  return pollfd.readInt16LE(6);
}
