import { checked, libcFunction } from './libc.ts';
import { POLL_EVENTS, pollNow } from './poll.ts';

// asm-generic/ioctls.h
const FIONREAD = 0x541b;

const native = {
  ioctl: libcFunction('int ioctl(int fd, unsigned long request, void *argument)'),
};

/** Bytes that wait in a pipe or socket. Not for terminals: theirs may still be on the way, see {@link hasInput}. */
export function waitingBytes(fd: number): number {
  const count = Buffer.alloc(4);
  checked('ioctl', native.ioctl(fd, FIONREAD, count));
  return count.readInt32LE();
}

/** Whether a read would give bytes at once. For the master of a terminal this includes what the kernel still moves. */
export function hasInput(fd: number): boolean {
  return (pollNow(fd, POLL_EVENTS.in) & POLL_EVENTS.in) !== 0;
}
