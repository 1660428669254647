import { checked, libcFunction } from './libc.ts';

// asm-generic/fcntl.h
const F_DUPFD_CLOEXEC = 1030;

const native = {
  fcntl: libcFunction('int fcntl(int fd, int command, int argument)'),
};

/** A second, close-on-exec descriptor of the same open file. OWNERSHIP: the caller closes it. */
export function duplicateDescriptor(fd: number): number {
  return checked('fcntl', native.fcntl(fd, F_DUPFD_CLOEXEC, 0));
}
