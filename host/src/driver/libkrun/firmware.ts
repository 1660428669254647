import { loadKoffi } from '@muvm/linux';
import type { RawKernel } from '../../kernel/pvh-elf.ts';

// A kernel of more than this is no kernel: the size comes from the library and is used as a length.
const KERNEL_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Reads the guest kernel out of libkrunfw (`char *krunfw_get_kernel(size_t *load_addr, size_t *entry_addr, size_t
 * *size)` of its krunfw.h).
 *
 * OWNERSHIP: the image is memory of the library, which stays loaded for the life of this process.
 *
 * @throws Error where the file is not such a library
 */
export function readKernel(libraryPath: string): RawKernel {
  const koffi = loadKoffi();
  const library = koffi.load(libraryPath);
  const getKernel = library.func(
    'void *krunfw_get_kernel(_Out_ uint64_t *load, _Out_ uint64_t *entry, _Out_ uint64_t *size)',
  );
  const [load, entry, size] = [[0], [0], [0]];
  const address: unknown = getKernel(load, entry, size);
  const bytes = Number(size[0]);
  if (!address || bytes <= 0 || bytes > KERNEL_BYTES_MAX) throw new RangeError(`Cannot use a kernel of ${bytes} bytes`);
  return { image: Buffer.from(koffi.view(address, bytes)), loadAddress: BigInt(load[0] ?? 0) };
}
