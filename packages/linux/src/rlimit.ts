import { checked, libcFunction } from './libc.ts';

// asm-generic/resource.h
const RLIMIT_NOFILE = 7;
// struct rlimit64: 0 u64 soft · 8 u64 hard
const RLIMIT_BYTES = 16;

const native = {
  prlimit64: libcFunction('int prlimit64(int pid, int resource, void *wanted, void *current)'),
};

/** Raises the limits of this process for open files, soft and hard, to `wanted` or to what they were if that is more. */
export function raiseOpenFilesLimit(wanted: number): number {
  const limits = Buffer.alloc(RLIMIT_BYTES);
  checked('prlimit64', native.prlimit64(0, RLIMIT_NOFILE, null, limits));
  const current = limits.readBigUInt64LE(8);
  const target = current > BigInt(wanted) ? current : BigInt(wanted);
  limits.writeBigUInt64LE(target, 0);
  limits.writeBigUInt64LE(target, 8);
  checked('prlimit64', native.prlimit64(0, RLIMIT_NOFILE, limits, null));
  return Number(target);
}
