import { MuvmError } from '@muvm/errors';
import { libcFunction, systemError } from '../libc.ts';
import { type RemoteCall, thisArchitecture } from './architecture.ts';
import { awaitStop, type Stop } from './await-stop.ts';
import { findInstruction } from './find-instruction.ts';
import { type ThreadStatus, threadStatus } from './process-facts.ts';
import { endedError, processName } from './refusal.ts';
import { callRegisters, chooseThread, forgetInterruptedCall, NT_PRSTATUS, resultOf } from './registers.ts';
import {
  getRegisters,
  getSignalMask,
  interrupt,
  resume,
  resumeToCall,
  setRegisters,
  setSignalMask,
} from './request.ts';
import { addStraggler } from './stragglers.ts';

// asm/signal.h
const SIGSYS = 31;
const SIGSYS_BIT = 1n << BigInt(SIGSYS - 1);
const ALL_SIGNALS = 0xffff_ffff_ffff_ffffn;
/** How many signals that cannot be blocked may come meanwhile. */
const HELD_SIGNALS_MAX = 64;

const FINISH_TIMEOUT_MS = 200;

const native = { tgkill: libcFunction('long syscall(long number, long pid, long tid, long signal)') };

export interface Lender {
  /** As of performance.now(). */
  readonly latestMs: number;
  /** The thread is not there any more to be let go. */
  lost(tid: number): void;
}

/**
 * A stopped thread of another process that makes system calls for us, with its registers and blocked signals kept aside.
 * Disposal puts them back as the kernel left them, so that a call that it waited in is restarted by the kernel's own rules.
 * A tracer that is killed in between leaves the thread at a wrong place, which ends its process.
 */
export class RemoteThread implements Disposable {
  readonly pid: number;
  readonly tid: number;
  readonly #status: ThreadStatus;
  readonly #lender: Lender;
  readonly #instruction: bigint;
  readonly #registers: Buffer;
  readonly #mask: Buffer;
  readonly #held: number[] = [];
  #isGone = false;
  #isChanged = false;

  private constructor(pid: number, tid: number, status: ThreadStatus, lender: Lender) {
    this.pid = pid;
    this.tid = tid;
    this.#status = status;
    this.#lender = lender;
    this.#instruction = findInstruction(pid, tid);
    this.#registers = getRegisters(tid, NT_PRSTATUS, thisArchitecture().registersBytes);
    this.#mask = getSignalMask(tid);
  }

  /** @throws {MuvmError} where no thread of the process is fit for it */
  static borrow(pid: number, tids: readonly number[], lender: Lender): RemoteThread {
    const tid = chooseThread(pid, tids);
    const status = threadStatus(pid, tid);
    if (status === undefined) throw endedError(pid);
    if (status.seccomp !== 0 && ((status.blocked | status.ignored) & SIGSYS_BIT) !== 0n) throw filtered(pid, status);
    return new RemoteThread(pid, tid, status, lender);
  }

  /**
   * Makes the thread do a system call.
   *
   * @returns what it returned, 0 or more
   * @throws {MuvmError} where the thread ends, does not come back in time, or is kept from it
   * @throws a system error
   */
  call(name: RemoteCall, ...args: readonly (number | bigint)[]): bigint {
    this.#prepare();
    const { calls } = thisArchitecture();
    setRegisters(this.tid, NT_PRSTATUS, callRegisters(this.#registers, this.#instruction, calls[name], args));
    forgetInterruptedCall(this.tid);
    this.#toCallStop();
    this.#toCallStop();
    this.#checkTrap();
    const result = resultOf(getRegisters(this.tid, NT_PRSTATUS, this.#registers.length));
    if (result < 0n) throw systemError(name, Number(-result));
    return result;
  }

  /** The same for what is cleared away: it must not hide why that is done. */
  attempt(name: RemoteCall, ...args: readonly (number | bigint)[]): void {
    try {
      this.call(name, ...args);
    } catch {
      // The first error is the one to tell, and a thread that is gone has nothing left to clear.
    }
  }

  [Symbol.dispose](): void {
    if (!this.#isChanged || this.#isGone) return;
    try {
      interrupt(this.tid);
      resume(this.tid);
      this.#awaitStop('told', performance.now() + FINISH_TIMEOUT_MS);
      this.#restore();
    } catch {
      this.#abandon();
    }
  }

  /** Signals wait meanwhile, but for the one by which a filter of system calls tells that it kept us from one. */
  #prepare(): void {
    if (this.#isGone) throw endedError(this.pid);
    if (this.#isChanged) return;
    const mask = Buffer.alloc(this.#mask.length);
    mask.writeBigUInt64LE(ALL_SIGNALS & ~SIGSYS_BIT);
    this.#isChanged = true;
    setSignalMask(this.tid, mask);
  }

  #toCallStop(): void {
    resumeToCall(this.tid);
    this.#awaitStop('call', this.#lender.latestMs);
  }

  #awaitStop(wanted: Stop['kind'], latestMs: number): void {
    for (;;) {
      const stop = awaitStop(this.tid, latestMs);
      if (stop === undefined) throw this.#timedOut();
      if (stop.kind === 'gone') throw this.#gone();
      if (stop.kind === wanted) return;
      if (stop.kind === 'signal') this.#hold(stop.signal);
      resumeToCall(this.tid);
    }
  }

  #hold(signal: number): void {
    if (signal === SIGSYS) throw filtered(this.pid, this.#status);
    if (this.#held.length < HELD_SIGNALS_MAX) this.#held.push(signal);
  }

  /** A filter that traps lets the call come back as if it had been made, with a signal on its way. */
  #checkTrap(): void {
    if (this.#status.seccomp === 0) return;
    if (((threadStatus(this.pid, this.tid)?.pending ?? 0n) & SIGSYS_BIT) !== 0n) this.#toCallStop();
  }

  #restore(): void {
    setRegisters(this.tid, NT_PRSTATUS, this.#registers);
    setSignalMask(this.tid, this.#mask);
    for (const signal of this.#held.splice(0)) native.tgkill(thisArchitecture().tgkill, this.pid, this.tid, signal);
  }

  /** It will be let go when it stops, with its own registers. */
  #abandon(): void {
    if (!this.#isGone) {
      addStraggler(this.tid, {
        restore: () => this.#restore(),
        keepSignal: (signal) => void this.#held.push(signal),
      });
    }
    this.#lender.lost(this.tid);
  }

  #gone(): MuvmError {
    this.#isGone = true;
    this.#lender.lost(this.tid);
    return endedError(this.pid);
  }

  #timedOut(): MuvmError {
    const sentence = `Cannot wait for ${processName(this.pid, this.#status)} any longer in a system call`;
    return new MuvmError('TIMED_OUT', sentence, { hint: 'Start the program again.' });
  }
}

function filtered(pid: number, status: ThreadStatus): MuvmError {
  const sentence = `Cannot make system calls in ${processName(pid, status)} as a filter of its own (SIGSYS) forbids them`;
  return new MuvmError('SYSTEM', sentence, { hint: 'Run the program without its sandbox.' });
}
