import { loadKoffi, pinLibrary } from '@muvm/linux';
import { loadFailure, rejectForeignFile } from './load-failure.ts';

export type NativeArgument = number | bigint | string | boolean | Buffer | null | readonly (string | null)[];
export type NativeFunction = (...args: readonly NativeArgument[]) => number;

/** The native half of a {@link Libkrun}; replaced in tests, so that every release can be acted. */
export interface NativeLibrary {
  /** The function of a prototype, undefined where the library has no such symbol. */
  find(prototype: string): NativeFunction | undefined;
}

interface LoadedLibrary {
  func(prototype: string): NativeFunction;
}

const loaded = new Map<string, LoadedLibrary>();

/**
 * Loads a shared library, which then stays for the life of this process.
 *
 * @throws MuvmError MISSING_PART with the reason: no such file, for another machine, cut off, lacks another library
 */
export function loadNativeLibrary(path: string): NativeLibrary {
  const library = loaded.get(path) ?? load(path);
  loaded.set(path, library);
  return { find: (prototype) => findFunction(library, prototype) };
}

function load(path: string): LoadedLibrary {
  rejectForeignFile(path);
  try {
    const library = loadKoffi().load(path) as unknown as LoadedLibrary;
    pinLibrary(path);
    return library;
  } catch (error) {
    throw loadFailure(path, error);
  }
}

function findFunction(library: LoadedLibrary, prototype: string): NativeFunction | undefined {
  try {
    return library.func(prototype);
  } catch (error) {
    if ((error as Error).message.startsWith('Cannot find function')) return undefined;
    throw error;
  }
}
