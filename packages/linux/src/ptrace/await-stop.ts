import { checked, lastErrno, libcFunction } from '../libc.ts';

// linux/wait.h
const WNOHANG = 1;
const WALL = 0x4000_0000;
// asm-generic/errno-base.h
const ECHILD = 10;
// linux/ptrace.h, asm/signal.h
const PTRACE_EVENT_STOP = 128;
const SIGTRAP = 5;
/** What PTRACE_O_TRACESYSGOOD adds to the signal of a stop at a system call. */
const CALL_BIT = 0x80;

/** How many looks go without a sleep between: most stops take less than one. */
const EAGER_LOOKS = 20;
const SLEEP_MS = 0.1;

const native = {
  waitpid: libcFunction('int waitpid(int pid, _Out_ int *status, int options)'),
};

const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Where a traced thread is: stopped as it was told to, at the entry or exit of a system call, or for a signal that it is
 * about to get; or gone.
 */
export type Stop = { readonly kind: 'told' | 'call' | 'gone' } | { readonly kind: 'signal'; readonly signal: number };

/** Where a thread is now. Undefined while it runs. */
export function lookForStop(tid: number): Stop | undefined {
  const status = [0];
  const result = native.waitpid(tid, status, WNOHANG | WALL);
  if (result === 0) return undefined;
  // It is no thread of ours to trace any more: another thread of its process has called execve(2).
  if (result < 0 && lastErrno() === ECHILD) return { kind: 'gone' };
  checked('waitpid', result);
  return decodeStop(status[0] as number);
}

/** Waits for a thread to stop, until `latestMs` of performance.now(). Undefined: it has not. Blocks this thread. */
export function awaitStop(tid: number, latestMs: number): Stop | undefined {
  for (let looks = 0; ; looks += 1) {
    const stop = lookForStop(tid);
    if (stop !== undefined || performance.now() > latestMs) return stop;
    pauseBetween(looks);
  }
}

/** The time between one look and the next, after so many. Blocks this thread. */
export function pauseBetween(looks: number): void {
  if (looks > EAGER_LOOKS) Atomics.wait(clock, 0, 0, SLEEP_MS);
}

/** Bits of the status of a stop, ptrace(2): 0 to 7 are 0x7f · 8 to 15 the signal · 16 to 23 the event. */
export function decodeStop(status: number): Stop {
  if ((status & 0xff) !== 0x7f) return { kind: 'gone' };
  if (status >> 16 === PTRACE_EVENT_STOP) return { kind: 'told' };
  const signal = (status >> 8) & 0xff;
  return signal === (SIGTRAP | CALL_BIT) ? { kind: 'call' } : { kind: 'signal', signal };
}
