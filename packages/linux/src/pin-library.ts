import { libcFunction } from './libc.ts';

// bits/dlfcn.h and dlfcn.h of glibc
const RTLD_LAZY = 0x1;
const RTLD_NOLOAD = 0x4;
const RTLD_NODELETE = 0x1000;

const native = {
  dlopen: libcFunction('void *dlopen(const char *path, int flags)'),
};

/**
 * Keeps a loaded library for the life of this process, dlopen(3). koffi unloads one when the last object that knows it is
 * collected, and what the library has started or registered would lose its code.
 *
 * @throws Error where it is not loaded
 */
export function pinLibrary(path: string): void {
  const handle: unknown = native.dlopen(path, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
  if (!handle) throw new Error(`Cannot keep "${path}" as it is not loaded`);
}
