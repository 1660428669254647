import type { SharedMemory } from '../shared-memory.ts';
import { TimerFd } from '../timer-fd.ts';
import { FUTEX_EVERYONE, FUTEX_MASKS, futexWake } from './futex-wake.ts';
import { WordTable } from './word-table.ts';

/** What a fence reads while somebody waits for it: xshmfence(3). */
const WAITED_FOR = -1;

/** A frame waits no longer than this for a signal that got lost, while there is traffic. */
const BUSY_LOOK_MS = 2;
const BUSY_MS = 100;
/** A look at rest, and how often all words are woken. */
const REST_LOOK_MS = 50;

/**
 * Wakes programs of this machine whose fence the other machine has triggered without a signal. That somebody begins to wait
 * makes no event, and a fence may be triggered, waited for and triggered again between two looks. So a word that is found changed is woken at
 * once, and every one that nobody waits for rightly is woken now and then, changed or not. Without words nothing ticks.
 */
export class MissedWakes implements Disposable {
  readonly #timer = new TimerFd();
  readonly #table = new WordTable();
  readonly #nowMs: () => number;
  #busyUntilMs = 0;
  #sweptMs = 0;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** For epoll: readable when it is time for {@link tick}. */
  get fd(): number {
    return this.#timer.fd;
  }

  /** How often that is; 0 is never. */
  get intervalMs(): number {
    return this.#timer.intervalMs;
  }

  /** @throws RangeError if the id is in use, or there are {@link FUTEXES_MAX} */
  add(id: number, word: SharedMemory): void {
    this.#table.add(id, word);
    this.traffic();
  }

  /** The memory may be unmapped once this returns. Unknown ids are ignored. */
  delete(id: number): void {
    this.#table.delete(id);
    if (this.#table.size === 0) this.#timer.setInterval(0);
  }

  /** To be called when something goes to the other machine: what is triggered is triggered soon after. */
  traffic(): void {
    if (this.#table.size === 0) return;
    this.#busyUntilMs = this.#nowMs() + BUSY_MS;
    this.#timer.setInterval(BUSY_LOOK_MS);
  }

  tick(): void {
    this.#timer.clear();
    const nowMs = this.#nowMs();
    const changed = this.#table.look();
    if (nowMs - this.#sweptMs >= REST_LOOK_MS) this.#sweep(nowMs);
    else for (const id of changed) this.#wake(id);
    if (this.#table.size === 0) this.#timer.setInterval(0);
    else if (nowMs > this.#busyUntilMs) this.#timer.setInterval(REST_LOOK_MS);
  }

  #sweep(nowMs: number): void {
    this.#sweptMs = nowMs;
    for (const { address, value } of this.#table.words()) wakeUnlessWaited(address, value);
  }

  #wake(id: number): void {
    const word = this.#table.get(id);
    if (word) wakeUnlessWaited(word.address, word.value);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#table[Symbol.dispose]();
  }
}

function wakeUnlessWaited(address: bigint, value: number): void {
  if (value !== WAITED_FOR) futexWake(address, FUTEX_EVERYONE, FUTEX_MASKS.relay);
}
