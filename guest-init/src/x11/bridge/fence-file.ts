import { fstatSync, readlinkSync } from 'node:fs';
import { MuvmError } from '@muvm/errors';
import { mapShared, type SharedMemory } from '@muvm/linux';

/** Where files are the memory of both sides. */
const SHARED_DIRECTORY = '/dev/shm/';

/** A fence is the first word of its file, see xshmfence(3). */
const FENCE_BYTES = 4;

const pathOf = (fd: number) => readlinkSync(`/proc/self/fd/${fd}`);

/** Whether an open file can be the host's too. That it has no name any more makes no difference. */
export function isSharedFile(fd: number): boolean {
  return pathOf(fd).startsWith(SHARED_DIRECTORY);
}

/** Maps the word of a fence. OWNERSHIP: the caller keeps the descriptor. @throws {MuvmError} PROTOCOL */
export function mapFence(fd: number): SharedMemory {
  if (!isSharedFile(fd)) {
    throw new MuvmError(
      'PROTOCOL',
      `Cannot share the fence "${pathOf(fd)}" as it must be a file in "${SHARED_DIRECTORY}"`,
      {
        hint: 'With libxshmfence 1.3.3 or later in the program, its fences are such files.',
      },
    );
  }
  // Beyond its end it could be mapped as well, and not be read.
  const { size } = fstatSync(fd);
  if (size < FENCE_BYTES) {
    throw new MuvmError('PROTOCOL', `Cannot share a fence of ${size} bytes as it must have ${FENCE_BYTES}`);
  }
  return mapShared(fd, FENCE_BYTES);
}
