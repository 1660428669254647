import type { EventEmitter } from 'node:events';
import { collectChild, type ProcessEnd } from '@muvm/linux';

/** Waits for the processes that `spawnProcess` starts. SIGCHLD says that some have ended, waitpid(2) which. */
export class Children implements Disposable {
  readonly #signals: EventEmitter;
  readonly #living = new Map<number, (end: ProcessEnd) => void>();
  readonly #collect = (): void => {
    for (const [pid, onEnd] of this.#living) {
      const end = collectChild(pid);
      if (end === undefined) continue;
      this.#living.delete(pid);
      onEnd(end);
    }
  };

  /** `signals` emits SIGCHLD, as the process does. */
  constructor(signals: EventEmitter = process) {
    this.#signals = signals;
    signals.on('SIGCHLD', this.#collect);
  }

  /** Calls once, when the child has ended and its process id is free again. */
  watch(pid: number, onEnd: (end: ProcessEnd) => void): void {
    this.#living.set(pid, onEnd);
  }

  [Symbol.dispose](): void {
    this.#signals.off('SIGCHLD', this.#collect);
  }
}
