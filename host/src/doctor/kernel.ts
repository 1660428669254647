import { toMuvmError } from '@muvm/errors';
import { cacheDirectory } from '../cache/index.ts';
import { readKernel } from '../driver/libkrun/firmware.ts';
import { findPvhEntry, kernelFile, type RawKernel } from '../kernel/index.ts';
import { findFirmware } from '../libraries/index.ts';
import { type Circumstances, type Finding, ok } from './check.ts';
import { makingObstacle } from './making-obstacle.ts';

const MIB = 1024 * 1024;

/**
 * Whether QEMU gets a kernel to boot: out of libkrunfw, by way of the cache.
 *
 * @throws MuvmError MISSING_PART where libkrunfw has none, RUN_DIRECTORY where it cannot be put into the cache
 */
export async function checkKernel(
  { bundleDirectory, env }: Pick<Circumstances, 'bundleDirectory' | 'env'>,
  read: (path: string) => RawKernel = readKernel,
): Promise<Finding> {
  const path = findFirmware(bundleDirectory);
  const bytes = bootableBytes(path, read);
  const cache = cacheDirectory(env);
  // A cache that cannot be written does where the kernel is there already, and then asking for it changes nothing.
  if (makingObstacle(cache) !== undefined) await kernelFile(path, read, cache);
  return ok(
    `"${path}" has a kernel of ${Math.round(bytes / MIB)} MiB that QEMU can boot, by way of the cache "${cache}"`,
  );
}

function bootableBytes(path: string, read: (path: string) => RawKernel): number {
  try {
    const { image } = read(path);
    if (process.arch === 'x64') findPvhEntry(image);
    return image.length;
  } catch (error) {
    const hint = 'Install libkrunfw 5 for this machine with the package manager of your system.';
    throw toMuvmError(error, 'MISSING_PART', `Cannot read a guest kernel from "${path}"`, hint);
  }
}
