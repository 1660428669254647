import { checked, libcFunction } from './libc.ts';

// asm-generic/ioctls.h
const FIONREAD = 0x541b;
// asm-generic/poll.h
const POLLIN = 1;

const native = {
  ioctl: libcFunction('int ioctl(int fd, unsigned long request, void *argument)'),
  poll: libcFunction('int poll(void *fds, unsigned long count, int timeoutMs)'),
};

/** Bytes that wait in a pipe or socket. Not for terminals: theirs may still be on the way, see {@link hasInput}. */
export function waitingBytes(fd: number): number {
  const count = Buffer.alloc(4);
  checked('ioctl', native.ioctl(fd, FIONREAD, count));
  return count.readInt32LE();
}

/** Whether a read would give bytes at once. For the master of a terminal this includes what the kernel still moves. */
export function hasInput(fd: number): boolean {
  // struct pollfd: 0 i32 fd · 4 i16 events · 6 i16 revents
  const pollfd = Buffer.alloc(8);
  pollfd.writeInt32LE(fd, 0);
  pollfd.writeInt16LE(POLLIN, 4);
  checked('poll', native.poll(pollfd, 1, 0));
  return (pollfd.readInt16LE(6) & POLLIN) !== 0;
}
