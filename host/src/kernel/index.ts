/** The guest kernel: taken out of libkrunfw, wrapped for QEMU, kept in the cache. */
export { kernelFile } from './kernel-cache.ts';
export { findPvhEntry, type RawKernel, renderPvhHeader } from './pvh-elf.ts';
