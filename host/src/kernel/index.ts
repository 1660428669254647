/** The guest kernel: found in libkrunfw, wrapped for QEMU, kept in the cache. */
export { findFirmware } from './firmware-path.ts';
export { kernelFile } from './kernel-cache.ts';
export { findPvhEntry, type RawKernel, renderPvhHeader } from './pvh-elf.ts';
