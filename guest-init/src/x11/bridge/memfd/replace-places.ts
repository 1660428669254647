import type { Mapping, RemoteThread } from '@muvm/linux';
import type { Places } from './places.ts';

// asm-generic/mman-common.h, linux/mman.h
const PROTECTIONS = { r: 0x1, w: 0x2, x: 0x4 } as const;
const MAP_SHARED = 0x01;
const MAP_PRIVATE = 0x02;
const MAP_FIXED = 0x10;
const O_CLOEXEC = 0o2000000;

/** Descriptors of the process itself. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
}

/**
 * Puts one file in the place of another in a process: all of its places, or none of them.
 *
 * @throws the error of the place that cannot be changed
 */
export function replacePlaces(thread: RemoteThread, { mappings, descriptors }: Places, files: Replacement): void {
  const undo: (() => void)[] = [];
  try {
    for (const mapping of mappings) {
      undo.push(() => thread.attempt('mmap', ...overMapping(mapping, files.from)));
      thread.call('mmap', ...overMapping(mapping, files.to));
    }
    for (const { fd, closesOnExec } of descriptors) {
      const flags = closesOnExec ? O_CLOEXEC : 0;
      undo.push(() => thread.attempt('dup3', files.from, fd, flags));
      thread.call('dup3', files.to, fd, flags);
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}

/** The arguments of mmap(2) for the same mapping of another file. */
function overMapping({ start, end, permissions, offset }: Mapping, fd: number): readonly (number | bigint)[] {
  const protection = Object.entries(PROTECTIONS).reduce(
    (all, [letter, bit]) => all | (permissions.includes(letter) ? bit : 0),
    0,
  );
  const kind = permissions.endsWith('s') ? MAP_SHARED : MAP_PRIVATE;
  return [start, end - start, protection, kind | MAP_FIXED, fd, offset];
}
