import { loadKoffi } from './koffi.ts';
import { checked, libcFunction } from './libc.ts';

// asm-generic/mman-common.h
const PROT_READ_WRITE = 0x1 | 0x2;
const MAP_SHARED = 0x1;
// (void *) -1
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

const native = {
  mmap: libcFunction('uintptr_t mmap(void *address, size_t bytes, int protection, int flags, int fd, int64_t offset)'),
  munmap: libcFunction('int munmap(uintptr_t address, size_t bytes)'),
};

/** Memory of a file, the same for everybody who maps it. Disposal unmaps it: the words must not be touched any more. */
export interface SharedMemory extends Disposable {
  /** Where it begins in this process. */
  readonly address: bigint;
  /** For `Atomics`: each word is loaded and stored as a whole, in the order of the program. */
  readonly words: Int32Array;
  /** The same memory. */
  readonly bytes: Buffer;
}

/**
 * mmap(2) of `bytes` of an open file, to read and to write. Devices give out where in them something lies as `offset`.
 *
 * @throws a system error
 */
export function mapShared(fd: number, bytes: number, offset: number | bigint = 0): SharedMemory {
  const address = BigInt(native.mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, offset));
  checked('mmap', address === MAP_FAILED ? -1 : 0);
  const memory = loadKoffi().view(address, bytes);
  return {
    address,
    words: new Int32Array(memory, 0, Math.floor(bytes / Int32Array.BYTES_PER_ELEMENT)),
    bytes: Buffer.from(memory),
    [Symbol.dispose]: () => void checked('munmap', native.munmap(address, bytes)),
  };
}
