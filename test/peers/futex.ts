/** futex(2) on memory that two machines share. */
import { addressOf, checked, lastErrno, libcFunction } from '@muvm/linux';

// asm/unistd.h, linux/futex.h, asm-generic/errno.h
const SYS_FUTEX = process.arch === 'x64' ? 202 : 98;
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const ALL = 0x7fff_ffff;

const native = {
  syscall: libcFunction('long syscall(long number, uintptr_t word, int operation, uint32_t value, void *timeout)'),
};

/** Wakes whoever waits for the first word. @returns how many */
export function wakeAll(memory: Buffer): number {
  return checked('futex', native.syscall(SYS_FUTEX, addressOf(memory), FUTEX_WAKE, ALL, null));
}

/** Waits until somebody wakes the first word, which holds `value`. @returns 0, or the errno of why it was not so */
export function waitForWake(memory: Buffer, value: number, timeoutMs: number): number {
  // struct timespec: 0 i64 seconds · 8 i64 nanoseconds
  const timeout = Buffer.alloc(16);
  timeout.writeBigInt64LE(BigInt(Math.ceil(timeoutMs / 1000)), 0);
  return native.syscall(SYS_FUTEX, addressOf(memory), FUTEX_WAIT, value, timeout) === 0 ? 0 : lastErrno();
}
