import { EventFd } from '../event-fd.ts';
import { OPCODES, Ring, SUBMISSION_FLAGS } from '../io-uring/index.ts';
import type { SharedMemory } from '../shared-memory.ts';
import { FUTEX_MASKS } from './futex-wake.ts';
import { checkNewId, type FutexWatcher } from './watcher.ts';
import { WordReader } from './word-reader.ts';

// linux/futex.h: 32 bits, shared between processes
const FUTEX2_SIZE_U32 = 2;

const SUBMISSIONS = 256;
const COMPLETIONS = 1024;

interface Watched {
  readonly address: bigint;
  /** Of the wait that the kernel has for it: 0 is none. No two are the same, so a completion is known to be of this one. */
  turn: number;
}

const halves = (address: bigint) => [Number(BigInt.asIntN(32, address)), Number(address >> 32n)] as const;

/**
 * One wait of the kernel for each word, IORING_OP_FUTEX_WAIT: no thread waits. Such a wait is for a place in a file, and
 * holds nothing of the memory it was named by.
 */
export class RingWatcher implements FutexWatcher {
  readonly kind = 'io_uring';
  readonly #ring = new Ring(SUBMISSIONS, COMPLETIONS);
  readonly #events = new EventFd();
  readonly #reader = new WordReader();
  readonly #words = new Map<number, Watched>();
  /** Words without a wait, as it has ended. */
  readonly #woken = new Set<number>();
  #turn = 0;

  /** @throws a system error where the kernel has no such rings, or refuses them */
  constructor() {
    this.#ring.signalTo(this.#events.fd);
  }

  get fd(): number {
    return this.#events.fd;
  }

  watch(id: number, { address }: SharedMemory): void {
    checkNewId(id, this.#words);
    this.#words.set(id, { address, turn: 0 });
    this.#waitFor([id]);
    this.#ring.enter();
  }

  unwatch(id: number): void {
    const watched = this.#words.get(id);
    if (!watched) return;
    this.#words.delete(id);
    this.#woken.delete(id);
    if (watched.turn !== 0) this.#cancel(id, watched.turn);
    this.#ring.enter();
    // The queue of completions must not grow where much comes and goes between two calls of take().
    this.#collect();
  }

  take(): number[] {
    this.#ring.enter();
    this.#collect();
    const taken = [...this.#woken];
    this.#woken.clear();
    this.#waitFor(taken);
    // In this order: whatever comes after the last look signals anew.
    this.#events.clear();
    this.#ring.enter();
    if (this.#collect() > 0 || this.#ring.waiting > 0) this.#events.signal();
    return taken;
  }

  /** @returns how many waits have ended */
  #collect(): number {
    const ended = this.#ring.takeCompletions();
    for (const { tag } of ended) {
      const [id, turn] = [tag[0] >>> 0, tag[1]];
      const watched = this.#words.get(id);
      if (!watched || watched.turn !== turn) continue;
      watched.turn = 0;
      this.#woken.add(id);
    }
    return ended.length;
  }

  #waitFor(ids: readonly number[]): void {
    const words = ids.map((id) => [id, this.#words.get(id) as Watched] as const);
    words.forEach(([, { address }], place) => void this.#reader.setAddress(place, address));
    const gone = new Set(this.#reader.read(words.length));
    for (const [place, [id, watched]] of words.entries()) {
      if (gone.has(place)) continue;
      watched.turn = this.#nextTurn();
      this.#ring.push({
        opcode: OPCODES.futexWait,
        fd: FUTEX2_SIZE_U32,
        address: halves(watched.address),
        value: this.#reader.values[place] as number,
        mask: FUTEX_MASKS.watcher,
        tag: [id, watched.turn],
      });
    }
  }

  #cancel(id: number, turn: number): void {
    this.#ring.push({
      opcode: OPCODES.asyncCancel,
      flags: SUBMISSION_FLAGS.skipSuccess,
      fd: -1,
      address: [id, turn],
      tag: [0, 0],
    });
  }

  #nextTurn(): number {
    this.#turn = (this.#turn + 1) | 0 || 1;
    return this.#turn;
  }

  [Symbol.dispose](): void {
    this.#ring[Symbol.dispose]();
    this.#events[Symbol.dispose]();
    this.#reader[Symbol.dispose]();
  }
}
