import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { toMuvmError } from '@muvm/errors';
import { tryLock } from '@muvm/linux';
import { ensureRunDirectory, vmFile } from './run-directory.ts';

/** A lock that is held. Closing the descriptor gives it back, unless a child inherited it. */
export interface VmLock extends Disposable {
  readonly fd: number;
}

/**
 * Takes the lock of a VM's name without a wait.
 *
 * @returns undefined where a VM of that name lives, or is just being cleared away
 */
export function takeLock(name: string): VmLock | undefined {
  for (;;) {
    ensureRunDirectory(name);
    const path = vmFile(name, 'lock');
    const fd = openLock(path);
    if (fd === undefined) continue;
    if (!tryLock(fd)) {
      closeSync(fd);
      return undefined;
    }
    // The file may have been removed, with its directory, between open and lock: then this lock guards nothing.
    if (isSameFile(fd, path)) return { fd, [Symbol.dispose]: () => closeSync(fd) };
    closeSync(fd);
  }
}

/** Undefined where the run directory was removed meanwhile. */
function openLock(path: string): number | undefined {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw toMuvmError(error, 'RUN_DIRECTORY', `Cannot open the lock "${path}"`);
  }
}

function isSameFile(fd: number, path: string): boolean {
  try {
    const [held, named] = [fstatSync(fd), statSync(path)];
    return held.ino === named.ino && held.dev === named.dev;
  } catch {
    return false;
  }
}
