import { constants } from 'node:os';
import { loadKoffi } from './koffi.ts';
import { lastErrno, libcFunction, systemError } from './libc.ts';

const native = {
  ioctl: libcFunction('int ioctl(int fd, unsigned long request, void *argument)'),
};

/** An ioctl(2) by its name, which errors tell, and its number as the header's macro makes it. */
export interface IoctlRequest {
  readonly name: string;
  readonly number: number;
}

/** asm-generic/ioctl.h: which way the argument goes, seen from the program. */
export const IOCTL_DIRECTIONS = { write: 1, read: 2, readWrite: 3 } as const;

/** The number of an ioctl: direction, bytes of its argument, the letter of its driver, and a number of the driver's. */
export function ioctlNumber(
  direction: keyof typeof IOCTL_DIRECTIONS,
  letter: string,
  number: number,
  bytes: number,
): number {
  return ((IOCTL_DIRECTIONS[direction] << 30) | (bytes << 16) | (letter.charCodeAt(0) << 8) | number) >>> 0;
}

/**
 * ioctl(2), again where a signal interrupts it. The kernel reads `argument` and may write to it.
 *
 * @throws a system error whose `syscall` is the request's name
 */
export function ioctl(fd: number, { name, number }: IoctlRequest, argument: Buffer): number {
  for (;;) {
    const result = native.ioctl(fd, number, argument);
    if (result >= 0) return result;
    const errno = lastErrno();
    if (errno !== constants.errno.EINTR) throw systemError(name, errno);
  }
}

/** Where the bytes of a buffer are, for a pointer within an argument. OWNERSHIP: whoever writes it down keeps the buffer. */
export function addressOf(buffer: Buffer): bigint {
  return loadKoffi().address(buffer);
}
