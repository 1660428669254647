import { checked, lastErrno, libcFunction, systemError } from './libc.ts';

// asm-generic/resource.h
const RLIMIT_NOFILE = 7;
// struct rlimit64: 0 u64 soft · 8 u64 hard
const RLIMIT_BYTES = 16;
// asm-generic/errno-base.h
const EPERM = 1;

const native = {
  prlimit64: libcFunction('int prlimit64(int pid, int resource, void *wanted, void *current)'),
};

/**
 * Raises the limits of this process for open files, soft and hard, to `wanted` or to what they were if that is more.
 * Who may not raise the hard one (EPERM) gets up to that.
 *
 * @returns the limit that holds
 */
export function raiseOpenFilesLimit(wanted: number): number {
  const limits = Buffer.alloc(RLIMIT_BYTES);
  checked('prlimit64', native.prlimit64(0, RLIMIT_NOFILE, null, limits));
  const hard = limits.readBigUInt64LE(8);
  const target = hard > BigInt(wanted) ? hard : BigInt(wanted);
  if (setBoth(target) >= 0) return Number(target);
  if (lastErrno() !== EPERM) throw systemError('prlimit64', lastErrno());
  checked('prlimit64', setBoth(hard));
  return Number(hard);
}

function setBoth(value: bigint): number {
  const limits = Buffer.alloc(RLIMIT_BYTES);
  limits.writeBigUInt64LE(value, 0);
  limits.writeBigUInt64LE(value, 8);
  return native.prlimit64(0, RLIMIT_NOFILE, limits, null);
}
