import type { SharedMemory } from '../shared-memory.ts';
import { TimerFd } from '../timer-fd.ts';
import { FUTEX_EVERYONE, FUTEX_MASKS, futexWake } from './futex-wake.ts';
import { WordTable } from './word-table.ts';

/** What a fence reads while somebody waits for it: xshmfence(3). */
const WAITED_FOR = -1;

/** A fence from which no signal has come yet waits no longer than this for one that got lost, while there is traffic. */
const BUSY_LOOK_MS = 2;
const BUSY_MS = 100;
const REST_LOOK_MS = 50;
/** Such fences that are looked after: the newest. Each is woken at each look. */
const SILENT_MAX = 64;
/** How often all words are woken that nobody waits for rightly. */
const SWEEP_MS = 200;

/**
 * Wakes programs of this machine whose fence the other machine has triggered without a signal, as it does until it has begun to
 * watch the fence. That somebody begins to wait makes no event, and a fence may be triggered, waited for and triggered again
 * between two looks. So a look wakes the words that have changed, and those from which no signal has come yet; now and then
 * all. Without words nothing ticks.
 */
export class MissedWakes implements Disposable {
  readonly #timer = new TimerFd();
  readonly #table = new WordTable();
  readonly #silent = new Set<number>();
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
    this.#silent.add(id);
    const [oldest] = this.#silent;
    if (this.#silent.size > SILENT_MAX) this.#silent.delete(oldest as number);
    this.traffic();
  }

  /** A signal of this word has come from the other machine, so it will send others. Unknown ids are ignored. */
  signalled(id: number): void {
    this.#silent.delete(id);
  }

  /** The memory may be unmapped once this returns. Unknown ids are ignored. */
  delete(id: number): void {
    this.#table.delete(id);
    this.#silent.delete(id);
    if (this.#table.size === 0) this.#timer.setInterval(0);
  }

  /** To be called when something goes to the other machine: what is triggered is triggered soon after. */
  traffic(): void {
    if (this.#silent.size === 0) return;
    this.#busyUntilMs = this.#nowMs() + BUSY_MS;
    this.#timer.setInterval(BUSY_LOOK_MS);
  }

  tick(): void {
    this.#timer.clear();
    const nowMs = this.#nowMs();
    const changed = this.#table.look();
    if (nowMs - this.#sweptMs >= SWEEP_MS) this.#sweep(nowMs);
    else for (const id of new Set([...changed, ...this.#silent])) this.#wake(id);
    if (this.#table.size === 0) this.#timer.setInterval(0);
    else if (this.#silent.size === 0 || nowMs > this.#busyUntilMs) this.#timer.setInterval(REST_LOOK_MS);
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
