/** libxshmfence of this system, X11/xshmfence.h. Fences are addresses. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadKoffi } from '../../packages/linux/src/index.ts';
import type { SkipReason } from '../framework/skip.ts';

export interface FenceLibrary {
  /** A descriptor of a new fence's memory. */
  alloc(): number;
  map(fd: number): bigint;
  unmap(fence: bigint): void;
  /** Waits until it is triggered. */
  await(fence: bigint): number;
  trigger(fence: bigint): number;
  reset(fence: bigint): void;
  /** 1: it is triggered. */
  query(fence: bigint): number;
}

const CLIENT = join(import.meta.dirname, '../../dist/peers/fence-client.cjs');
const SONAME = 'libxshmfence.so.1';

/** @throws Error where the system has no such library */
export function fenceLibrary(): FenceLibrary {
  const library = loadKoffi().load(SONAME);
  const map = library.func('uintptr_t xshmfence_map_shm(int fd)');
  return {
    alloc: library.func('int xshmfence_alloc_shm()'),
    map: (fd) => BigInt(map(fd)),
    unmap: library.func('void xshmfence_unmap_shm(uintptr_t fence)'),
    await: library.func('int xshmfence_await(uintptr_t fence)'),
    trigger: library.func('int xshmfence_trigger(uintptr_t fence)'),
    reset: library.func('void xshmfence_reset(uintptr_t fence)'),
    query: library.func('int xshmfence_query(uintptr_t fence)'),
  };
}

/** For a test that needs a client with fences. */
export function fenceSkipReason(): SkipReason {
  if (!existsSync(CLIENT)) return 'the fixtures are not built: run "npm run build -- --tests"';
  try {
    fenceLibrary();
    return undefined;
  } catch {
    return `${SONAME} does not load`;
  }
}
