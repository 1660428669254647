import { closeSync } from 'node:fs';
import { checked, libcFunction } from '../libc.ts';

// asm-generic/unistd.h; the same on every architecture.
const SYS_pidfd_open = 434;
const SYS_pidfd_getfd = 438;

const native = { syscall: libcFunction('long syscall(long number, long first, long second, long third)') };

/**
 * A second, close-on-exec descriptor of an open file of another process that we may trace, by pidfd_getfd(2).
 *
 * OWNERSHIP: the caller closes it.
 */
export function takeDescriptor(pid: number, fd: number): number {
  const process = checked('pidfd_open', native.syscall(SYS_pidfd_open, pid, 0, 0));
  try {
    return checked('pidfd_getfd', native.syscall(SYS_pidfd_getfd, process, fd, 0));
  } finally {
    closeSync(process);
  }
}
