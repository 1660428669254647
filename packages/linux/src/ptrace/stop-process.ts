import { MuvmError } from '@muvm/errors';
import { lookForStop, pauseBetween } from './await-stop.ts';
import { hasEnded, listThreads, threadStatus } from './process-facts.ts';
import { endedError, explainRefusal, processName } from './refusal.ts';
import { RemoteThread } from './remote-thread.ts';
import { detach, getSignalMask, interrupt, resume, seize } from './request.ts';
import { addStraggler, releaseStragglers } from './stragglers.ts';

const STOP_TIMEOUT_MS = 1000;
const REAP_TIMEOUT_MS = 100;
const REAP_LOOK_MS = 1;
/** More than any program has that opens windows; each costs some 10 µs. */
export const THREADS_MAX = 4096;

const clock = new Int32Array(new SharedArrayBuffer(4));

/** A process of which every thread is stopped, and which nobody else can trace meanwhile. Disposal lets it go on. */
export class StoppedProcess implements Disposable {
  readonly pid: number;
  readonly #known = new Set<number>();
  readonly #running = new Set<number>();
  readonly #stopped = new Set<number>();
  readonly #latestMs = performance.now() + STOP_TIMEOUT_MS;

  /** Use `stopProcess`. */
  constructor(pid: number) {
    this.pid = pid;
  }

  /** Stops what runs, and what that has started meanwhile, until there is nothing new. */
  stopAll(): void {
    for (let found = this.#newThreads(); found.length > 0; found = this.#newThreads()) {
      for (const tid of found) this.#tellToStop(tid);
      this.#awaitAll();
    }
    if (this.#stopped.size === 0) throw endedError(this.pid);
  }

  /** A thread that makes system calls for us. At most one at a time; it must be disposed of before the process is. */
  borrowThread(): RemoteThread {
    return RemoteThread.borrow(this.pid, [...this.#stopped], (tid) => void this.#stopped.delete(tid));
  }

  /** The error for what fails as the process was killed in the midst of it. Undefined: it is still there. */
  endOfIt(): MuvmError | undefined {
    try {
      for (const tid of this.#stopped) {
        getSignalMask(tid);
        return undefined;
      }
    } catch {
      // A thread that was killed is not stopped any more.
    }
    return endedError(this.pid);
  }

  [Symbol.dispose](): void {
    for (const tid of this.#running) addStraggler(tid);
    for (const tid of this.#stopped) if (!detach(tid)) addStraggler(tid);
    this.#running.clear();
    this.#stopped.clear();
    // What was killed must be waited for by its tracer before its parent can hear of it.
    for (const latestMs = performance.now() + REAP_TIMEOUT_MS; releaseStragglers() > 0; ) {
      if (performance.now() > latestMs) break;
      Atomics.wait(clock, 0, 0, REAP_LOOK_MS);
    }
  }

  #newThreads(): number[] {
    const found = listThreads(this.pid).filter((tid) => !this.#known.has(tid));
    if (this.#known.size + found.length > THREADS_MAX) {
      throw new MuvmError('SYSTEM', `Cannot stop ${processName(this.pid)} as it has more than ${THREADS_MAX} threads`, {
        hint: 'Run the program with fewer threads.',
      });
    }
    return found;
  }

  #tellToStop(tid: number): void {
    this.#known.add(tid);
    try {
      seize(tid);
    } catch (error) {
      if (hasEnded(threadStatus(this.pid, tid))) return;
      throw explainRefusal(this.pid, tid, error);
    }
    this.#running.add(tid);
    try {
      interrupt(tid);
    } catch {
      // It has ended in between, which the wait for it tells.
    }
  }

  /** In turns: of a process that is killed, the first thread is not heard of before all the others, the stopped ones too. */
  #awaitAll(): void {
    for (let looks = 0; this.#running.size > 0; looks += 1) {
      for (const tid of this.#running) this.#look(tid);
      for (const tid of this.#stopped) if (lookForStop(tid)?.kind === 'gone') this.#stopped.delete(tid);
      const [first] = this.#running;
      if (first !== undefined && performance.now() > this.#latestMs) throw this.#timedOut(first);
      pauseBetween(looks);
    }
  }

  #look(tid: number): void {
    const stop = lookForStop(tid);
    if (stop === undefined) return;
    if (stop.kind === 'gone' || stop.kind === 'told') {
      this.#running.delete(tid);
      if (stop.kind === 'told') this.#stopped.add(tid);
      return;
    }
    // It was about to get a signal. It gets it, and stops before it does anything about it.
    resumeIfThere(tid, stop.kind === 'signal' ? stop.signal : 0);
  }

  #timedOut(tid: number): MuvmError {
    const state = threadStatus(this.pid, tid)?.state ?? 'gone';
    const sentence = `Cannot stop ${processName(this.pid)} within ${STOP_TIMEOUT_MS} ms: thread ${tid} is in state "${state}"`;
    return new MuvmError('TIMED_OUT', sentence, {
      hint: 'See what the program waits for, as a disk or a network share.',
    });
  }
}

function resumeIfThere(tid: number, signal: number): void {
  try {
    resume(tid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Stops every thread of a process, by ptrace(2). All of it must happen in one thread of ours, the main one. Not for our
 * own children: their end would be heard here, and not where it is waited for.
 *
 * @throws {MuvmError} where it has ended, is traced by somebody else, may not be traced, or does not stop within 1 s.
 *   Nothing of it stays stopped then, but for the threads that `releaseStragglers` is for
 */
export function stopProcess(pid: number): StoppedProcess {
  releaseStragglers();
  const stopped = new StoppedProcess(pid);
  try {
    stopped.stopAll();
    return stopped;
  } catch (error) {
    stopped[Symbol.dispose]();
    throw error;
  }
}
