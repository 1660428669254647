import { fstatSync, readlinkSync } from 'node:fs';
import { MuvmError } from '@muvm/errors';
import type { Identity } from './places.ts';

/** How the kernel names memfds, memfd_create(2). */
export const PATH_START = '/memfd:';

/** A fence is one word. */
export const MEMFD_BYTES_MIN = 4;
/** A page. Fences that are made of a mutex and a condition have some 100 bytes. */
export const MEMFD_BYTES_MAX = 4096;

export interface Memfd extends Identity {
  readonly bytes: number;
}

/** What a descriptor of ours is, if it is a memfd as fences are. @throws {MuvmError} PROTOCOL */
export function inspectMemfd(fd: number): Memfd {
  const path = readlinkSync(`/proc/self/fd/${fd}`);
  const { dev, ino, size } = fstatSync(fd, { bigint: true });
  if (!path.startsWith(PATH_START)) {
    throw new MuvmError('PROTOCOL', `Cannot use "${path}" as a fence as it must be a memfd, or a file in "/dev/shm"`);
  }
  if (size < MEMFD_BYTES_MIN || size > MEMFD_BYTES_MAX) {
    const wanted = `${MEMFD_BYTES_MIN} to ${MEMFD_BYTES_MAX} bytes`;
    throw new MuvmError('PROTOCOL', `Cannot use "${path}" of ${size} bytes as a fence as it must have ${wanted}`);
  }
  return { device: dev, inode: ino, bytes: Number(size) };
}
