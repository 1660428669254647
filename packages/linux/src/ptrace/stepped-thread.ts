import { MuvmError } from '@muvm/errors';
import { libcFunction } from '../libc.ts';
import { thisArchitecture } from './architecture.ts';
import { awaitStop, type Stop } from './await-stop.ts';
import { hasEnded, threadStatus } from './process-facts.ts';
import { endedError, processName } from './refusal.ts';
import { interrupt, resume, resumeToCall } from './request.ts';

/** asm/signal.h: bad system call. */
export const SIGSYS = 31;

/** For one call of those that do not wait. */
const CALL_TIMEOUT_MS = 1000;
const FINISH_TIMEOUT_MS = 500;
const LOOK_MS = 20;
/** How many signals that cannot be blocked may come meanwhile. */
const HELD_SIGNALS_MAX = 64;

const native = { tgkill: libcFunction('long syscall(long number, long pid, long tid, long signal)') };

/** A stopped thread that goes from one stop to the next, and gets no signal on the way. */
export class SteppedThread {
  readonly pid: number;
  readonly tid: number;
  readonly #held: number[] = [];
  #isGone = false;

  constructor(pid: number, tid: number) {
    this.pid = pid;
    this.tid = tid;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** To the entry of a system call or to its exit, whichever comes next. @throws {MuvmError} */
  toCall(): void {
    resumeToCall(this.tid);
    this.#await('call', CALL_TIMEOUT_MS);
  }

  /** To where it was stopped at first, in the kernel's way back from a call that it has done. @throws {MuvmError} */
  toEnd(): void {
    interrupt(this.tid);
    resume(this.tid);
    this.#await('told', FINISH_TIMEOUT_MS);
  }

  hold(signal: number): void {
    if (signal === SIGSYS) throw filteredError(this.pid);
    if (this.#held.length < HELD_SIGNALS_MAX) this.#held.push(signal);
  }

  /** Sends it once more what has come for it meanwhile. */
  releaseSignals(): void {
    for (const signal of this.#held.splice(0)) native.tgkill(thisArchitecture().tgkill, this.pid, this.tid, signal);
  }

  #await(wanted: Stop['kind'], timeoutMs: number): void {
    const latestMs = performance.now() + timeoutMs;
    for (;;) {
      const stop = awaitStop(this.tid, Math.min(latestMs, performance.now() + LOOK_MS));
      if (stop === undefined) {
        this.#checkPatience(latestMs, timeoutMs);
        continue;
      }
      if (stop.kind === wanted) return;
      if (stop.kind === 'gone') {
        this.#isGone = true;
        throw endedError(this.pid);
      }
      if (stop.kind === 'signal') this.hold(stop.signal);
      resumeToCall(this.tid);
    }
  }

  /** The end of a process's first thread is not heard of before that of all the others; but it can be seen. */
  #checkPatience(latestMs: number, timeoutMs: number): void {
    if (hasEnded(threadStatus(this.pid, this.tid))) throw endedError(this.pid);
    if (performance.now() < latestMs) return;
    const sentence = `Cannot wait for a system call in ${processName(this.pid)} for more than ${timeoutMs} ms`;
    throw new MuvmError('TIMED_OUT', sentence, { hint: 'Start the program again.' });
  }
}

/** The error for a call that a filter, seccomp(2) or prctl(2) of system calls, answers with a signal. */
export function filteredError(pid: number): MuvmError {
  const sentence = `Cannot make system calls in ${processName(pid)} as a filter of its own (SIGSYS) forbids them`;
  return new MuvmError('SYSTEM', sentence, { hint: 'Run the program without its sandbox.' });
}
