import { closeSync, readdirSync } from 'node:fs';
import { checked, libcFunction } from './libc.ts';
import { POLL_EVENTS, pollNow } from './poll.ts';

// asm-generic/fcntl.h; the same on x86-64 and aarch64.
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const F_GETFL = 3;
const F_SETFL = 4;
const F_SETPIPE_SZ = 1031;

const native = {
  pipe2: libcFunction('int pipe2(_Out_ int *fds, int flags)'),
  dup3: libcFunction('int dup3(int from, int to, int flags)'),
  fcntl: libcFunction('int fcntl(int fd, int command, int argument)'),
};

export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/** pipe2(2), both ends close-on-exec. OWNERSHIP: the caller closes both. `capacityBytes` is a wish that may be refused. */
export function createPipe(capacityBytes?: number): Pipe {
  const ends = [0, 0];
  checked('pipe2', native.pipe2(ends, O_CLOEXEC));
  const [readEnd, writeEnd] = ends as [number, number];
  if (capacityBytes !== undefined) native.fcntl(writeEnd, F_SETPIPE_SZ, capacityBytes);
  return { readEnd, writeEnd };
}

/** dup3(2) with close-on-exec: afterwards `to` is the same open file as `from`. */
export function replaceDescriptor(from: number, to: number): void {
  checked('dup3', native.dup3(from, to, O_CLOEXEC));
}

export function setNonblocking(fd: number): void {
  checked('fcntl', native.fcntl(fd, F_SETFL, checked('fcntl', native.fcntl(fd, F_GETFL, 0)) | O_NONBLOCK));
}

/** The reverse: reads and writes wait. */
export function setBlocking(fd: number): void {
  checked('fcntl', native.fcntl(fd, F_SETFL, checked('fcntl', native.fcntl(fd, F_GETFL, 0)) & ~O_NONBLOCK));
}

/** Whether the other end of a descriptor is closed, by poll(2) without a wait. */
export function isHungUp(fd: number): boolean {
  return (pollNow(fd, 0) & POLL_EVENTS.hangUp) !== 0;
}

const F_GETFD = 1;
const FD_CLOEXEC = 1;

/**
 * Closes every descriptor that this process was started with, beyond those it is meant to have. Node marks its own
 * close-on-exec, so one without the mark came from outside.
 */
export function closeInherited(isMeant: (fd: number) => boolean): void {
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    if (isMeant(fd)) continue;
    const flags = native.fcntl(fd, F_GETFD, 0);
    if (flags >= 0 && (flags & FD_CLOEXEC) === 0) closeSync(fd);
  }
}
