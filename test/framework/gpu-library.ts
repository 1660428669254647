import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { onlyDriver } from './driver.ts';
import type { SkipReason } from './skip.ts';

/** Where `make libkrun-gpu` puts one for each release. */
const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'muvm', 'libkrun-gpu');

/** A libkrun with a GPU: the one that `MUVM_TEST_LIBKRUN_GPU` names, else what was built last. Undefined: there is none. */
export const GPU_LIBRARY: string | undefined = process.env['MUVM_TEST_LIBKRUN_GPU'] || newest();

function newest(): string | undefined {
  const paths = releases().map((name) => join(CACHE, name, 'libkrun.so.1'));
  return paths.findLast((path) => existsSync(path));
}

function releases(): string[] {
  try {
    return readdirSync(CACHE).sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  } catch {
    return [];
  }
}

/** For a test of a machine that has a GPU. */
export function gpuSkipReason(): SkipReason {
  const missing = GPU_LIBRARY === undefined ? 'no libkrun with a GPU is built: run "make libkrun-gpu"' : undefined;
  return onlyDriver('libkrun') ?? missing;
}
