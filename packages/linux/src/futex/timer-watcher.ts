import type { SharedMemory } from '../shared-memory.ts';
import { TimerFd } from '../timer-fd.ts';
import type { FutexWatcher } from './watcher.ts';
import { WordTable } from './word-table.ts';

/** As long as a wake waits at worst. */
const LOOK_MS = 4;

/** Compares the words every few milliseconds, while there are any: for kernels that offer no waits, see {@link RingWatcher}. */
export class TimerWatcher implements FutexWatcher {
  readonly kind = 'timer';
  readonly #timer = new TimerFd();
  readonly #table = new WordTable();

  get fd(): number {
    return this.#timer.fd;
  }

  watch(id: number, word: SharedMemory): void {
    this.#table.add(id, word);
    this.#setTimer();
  }

  unwatch(id: number): void {
    this.#table.delete(id);
    this.#setTimer();
  }

  take(): number[] {
    this.#timer.clear();
    const changed = this.#table.look();
    this.#setTimer();
    return changed;
  }

  #setTimer(): void {
    this.#timer.setInterval(this.#table.size > 0 ? LOOK_MS : 0);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#table[Symbol.dispose]();
  }
}
