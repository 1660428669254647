import { systemError } from '../libc.ts';
import { type RemoteCall, thisArchitecture } from './architecture.ts';
import { findInstruction } from './find-instruction.ts';
import { type ThreadStatus, threadStatus } from './process-facts.ts';
import { endedError } from './refusal.ts';
import {
  callRegisters,
  chooseThread,
  forgetInterruptedCall,
  hidesRestart,
  NT_PRSTATUS,
  resultOf,
} from './registers.ts';
import { RemoteMemory } from './remote-memory.ts';
import { getRegisters, getSignalMask, setRegisters, setSignalMask } from './request.ts';
import { filteredError, SIGSYS, SteppedThread } from './stepped-thread.ts';
import { addStraggler } from './stragglers.ts';

const SIGSYS_BIT = 1n << BigInt(SIGSYS - 1);
const ALL_SIGNALS = 0xffff_ffff_ffff_ffffn;

/** Is told that a thread is not there any more to be let go. */
export type Lost = (tid: number) => void;

/**
 * A stopped thread of another process that makes system calls for us, with its registers and blocked signals kept aside.
 * Disposal puts them back as the kernel left them, so that a call that it waited in is restarted by the kernel's own rules.
 * A tracer that is killed in between leaves the thread at a wrong place, which ends its process.
 */
export class RemoteThread implements Disposable {
  readonly pid: number;
  readonly tid: number;
  readonly #thread: SteppedThread;
  readonly #isFiltered: boolean;
  readonly #lost: Lost;
  readonly #instruction: bigint;
  readonly #registers: Buffer;
  readonly #mask: Buffer;
  #isChanged = false;

  private constructor(thread: SteppedThread, isFiltered: boolean, lost: Lost) {
    this.pid = thread.pid;
    this.tid = thread.tid;
    this.#thread = thread;
    this.#isFiltered = isFiltered;
    this.#lost = lost;
    this.#instruction = findInstruction(this.pid, this.tid);
    this.#registers = this.#readRegisters();
    this.#mask = getSignalMask(this.tid);
  }

  /** @throws {MuvmError} where no thread of the process is fit for it */
  static borrow(pid: number, tids: readonly number[], lost: Lost): RemoteThread {
    const tid = chooseThread(pid, tids);
    const status = threadStatus(pid, tid);
    if (status === undefined) throw endedError(pid);
    if (endsByFilter(status)) throw filteredError(pid);
    return new RemoteThread(new SteppedThread(pid, tid), status.seccomp !== 0, lost);
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
    this.#passCall();
    if (this.#isFiltered) this.#checkTrap();
    const result = resultOf(this.#readRegisters());
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
    if (!this.#isChanged) return;
    try {
      this.#thread.toEnd();
      this.#restore();
    } catch {
      this.#abandon();
    }
  }

  /** Signals wait meanwhile, but for the one by which a filter of system calls tells that it kept us from one. */
  #prepare(): void {
    if (this.#isChanged) return;
    const mask = Buffer.alloc(this.#mask.length);
    mask.writeBigUInt64LE(ALL_SIGNALS & ~SIGSYS_BIT);
    this.#isChanged = true;
    setSignalMask(this.tid, mask);
    if (hidesRestart() && this.#isAtCall()) this.#learnRestart();
  }

  #isAtCall(): boolean {
    using memory = new RemoteMemory(this.pid, this.tid);
    const { instruction, programCounter } = thisArchitecture();
    return memory.read(this.#registers.readBigUInt64LE(programCounter), instruction.length).equals(instruction);
  }

  /** Has the thread begin the call that it is about to make, which may be a restart of one, and gives that up. */
  #learnRestart(): void {
    const { callNumber } = thisArchitecture();
    this.#thread.toCall();
    this.#registers.writeBigUInt64LE(this.#readRegisters().readBigUInt64LE(callNumber), callNumber);
    forgetInterruptedCall(this.tid);
    this.#thread.toCall();
  }

  #passCall(): void {
    forgetInterruptedCall(this.tid);
    this.#thread.toCall();
    this.#thread.toCall();
  }

  /** A filter that traps lets the call come back as if it had been made, with a signal on its way. */
  #checkTrap(): void {
    const pending = threadStatus(this.pid, this.tid)?.pending ?? 0n;
    if ((pending & SIGSYS_BIT) !== 0n) this.#thread.toCall();
  }

  #readRegisters(): Buffer {
    return getRegisters(this.tid, NT_PRSTATUS, thisArchitecture().registersBytes);
  }

  #restore(): void {
    setRegisters(this.tid, NT_PRSTATUS, this.#registers);
    setSignalMask(this.tid, this.#mask);
    this.#thread.releaseSignals();
  }

  /** It will be let go when it stops, with its own registers. */
  #abandon(): void {
    this.#lost(this.tid);
    if (this.#thread.isGone) return;
    addStraggler(this.tid, {
      restore: () => this.#restore(),
      keepSignal: (signal) => signal !== SIGSYS && this.#thread.hold(signal),
    });
  }
}

/** A signal that is forced upon a thread that blocks or ignores it ends the process. */
function endsByFilter({ seccomp, blocked, ignored }: ThreadStatus): boolean {
  return seccomp !== 0 && ((blocked | ignored) & SIGSYS_BIT) !== 0n;
}
