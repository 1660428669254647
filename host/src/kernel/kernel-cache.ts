import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toMuvmError } from '@muvm/errors';
import { cacheDirectory, remember, writeWhole } from '../cache/index.ts';
import { type RawKernel, renderPvhHeader } from './pvh-elf.ts';

/** What QEMU boots: an ELF file with a PVH note on x86-64, the bare image on aarch64. */
const FORMS = {
  x64: { name: 'pvh-1.elf', parts: (kernel: RawKernel) => [renderPvhHeader(kernel), kernel.image] },
  arm64: { name: 'image-1', parts: (kernel: RawKernel) => [kernel.image] },
} as const;

/**
 * The guest kernel of a libkrunfw as a file that QEMU boots, made on first use and kept in the cache.
 *
 * @param readKernel reads the kernel out of the library; called only where the cache lacks it
 * @throws MuvmError MISSING_PART where the library holds no kernel we can boot, RUN_DIRECTORY where the cache cannot be written
 */
export async function kernelFile(
  libraryPath: string,
  readKernel: (path: string) => RawKernel,
  directory = cacheDirectory(),
): Promise<string> {
  const form = process.arch === 'arm64' ? FORMS.arm64 : FORMS.x64;
  // Named by what it is made of: the bytes of the library, and the form this code gives them.
  const path = join(directory, `kernel-${await contentHash(libraryPath, directory)}-${form.name}`);
  if (existsSync(path)) return path;
  const parts = kernelParts(libraryPath, readKernel, form.parts);
  try {
    writeWhole(path, parts);
  } catch (error) {
    const hint = 'Free some space there, or set XDG_CACHE_HOME to another directory.';
    throw toMuvmError(error, 'RUN_DIRECTORY', `Cannot write the guest kernel to "${path}"`, hint);
  }
  return path;
}

function kernelParts(
  libraryPath: string,
  readKernel: (path: string) => RawKernel,
  render: (kernel: RawKernel) => readonly Buffer[],
): readonly Buffer[] {
  try {
    return render(readKernel(libraryPath));
  } catch (error) {
    const hint = 'Install libkrunfw 5 for this machine with the package manager of your system.';
    throw toMuvmError(error, 'MISSING_PART', `Cannot read a guest kernel from "${libraryPath}"`, hint);
  }
}

/** SHA-256 of a file, remembered: hashing 20 MB at every start would cost 60 ms. */
function contentHash(path: string, directory: string): Promise<string> {
  const ask = () => createHash('sha256').update(readFileSync(path)).digest('hex');
  return remember(path, { question: 'sha256', shape: /^[0-9a-f]{64}$/, directory }, ask);
}
