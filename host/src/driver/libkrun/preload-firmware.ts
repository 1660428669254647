import { closeSync, openSync, readSync } from 'node:fs';
import { unusable } from './load-failure.ts';
import { loadNativeLibrary } from './native-library.ts';

const CHUNK_BYTES = 1024 * 1024;
// Longer than the name that is looked for, so that none is lost where two chunks meet.
const OVERLAP_BYTES = 64;

/**
 * The name by which a libkrun asks the dynamic loader for libkrunfw: `libkrunfw.so.4` up to 1.16, `libkrunfw.so.5`
 * since. It is looked for in the file, as libkrun does not tell. Takes a few milliseconds.
 *
 * @returns undefined where the file names none
 * @throws a system error where it cannot be read
 */
export function firmwareSoname(libkrunPath: string): string | undefined {
  const file = openSync(libkrunPath, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let at = 0; ; at += CHUNK_BYTES - OVERLAP_BYTES) {
      const length = readSync(file, chunk, 0, CHUNK_BYTES, at);
      const name = /libkrunfw\.so\.\d+/.exec(chunk.toString('latin1', 0, length))?.[0];
      if (name || length < CHUNK_BYTES) return name;
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Loads libkrunfw from where it is, for the life of this process. Later, when libkrun asks for it by its name alone,
 * the dynamic loader gives it the one of that name that is there (DT_SONAME, dlopen(3)), so that no LD_LIBRARY_PATH is
 * needed.
 *
 * To be called before {@link openLibkrun}: libkrun looks for it when its first context is made, and does not look
 * again; up to 1.10 it is linked to it.
 *
 * @throws MuvmError MISSING_PART where the file is no libkrunfw that can be loaded
 */
export function preloadFirmware(path: string): void {
  const firmware = loadNativeLibrary(path);
  if (!firmware.find('void *krunfw_get_kernel(void *load, void *entry, void *size)')) {
    throw unusable(path, 'it is not libkrunfw: it has no krunfw_get_kernel');
  }
}
