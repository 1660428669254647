import { constants } from 'node:os';
import { lastErrno, libcFunction, systemError } from '../libc.ts';

// asm/unistd.h
const SYS_FUTEX = process.arch === 'arm64' ? 98 : 202;
// linux/futex.h; without FUTEX_PRIVATE_FLAG, as others share the memory
const FUTEX_WAKE_BITSET = 10;

const native = {
  futex: libcFunction(
    'long syscall(long number, uintptr_t word, int operation, int count, void *timeout, void *other, unsigned int mask)',
  ),
};

/** Who waits for whom, as masks of FUTEX_WAIT_BITSET and FUTEX_WAKE_BITSET: a wake reaches who has a bit of it. */
export const FUTEX_MASKS = {
  /** What programs wait and wake with that know no masks. */
  program: 0xffff_ffff,
  /** What our watchers wait with. */
  watcher: 0x0000_0001,
  /** What we wake with: all programs, and no watcher. */
  relay: 0xffff_fffe,
} as const;

/** As many as wait. */
export const FUTEX_EVERYONE = 0x7fff_ffff;

/** @returns how many were woken; 0 where the file of that memory is shorter by now. @throws a system error */
export function futexWake(address: bigint, count: number, mask: number): number {
  const woken = native.futex(SYS_FUTEX, address, FUTEX_WAKE_BITSET, count, null, null, mask);
  if (woken >= 0) return woken;
  if (lastErrno() === constants.errno.EFAULT) return 0;
  throw systemError('futex', lastErrno());
}
