import { EAGAIN_ERRNO, lastErrno, libcFunction, systemError } from './libc.ts';

// linux/fcntl.h, flock(2)
const LOCK_EX = 2;
const LOCK_NB = 4;

const flock = libcFunction('int flock(int fd, int operation)');

/**
 * Takes an exclusive flock(2) without a wait. It belongs to the open file: every process that inherits the descriptor
 * holds it, and the last one to close it gives it back.
 *
 * @returns false where another open file holds it
 */
export function tryLock(fd: number): boolean {
  if (flock(fd, LOCK_EX | LOCK_NB) === 0) return true;
  const errno = lastErrno();
  if (errno === EAGAIN_ERRNO) return false;
  throw systemError('flock', errno);
}
