/**
 * Two sides that share a page of memory prove to each other that it is one: each side does this at the same time, in a
 * kernel of its own.
 */
export type DanceSide = 'host' | 'guest';

/** What the words of the page are for. */
const WORD = { hostCount: 0, guestCount: 1, sum: 2, lock: 3, guarded: 4 } as const;

export const PAGE_BYTES = 4096;

export const ROUNDS = 50;
export const ADDITIONS = 20_000;

const LOCK_OF: Readonly<Record<DanceSide, number>> = { host: 1, guest: 2 };
const FREE = 0;

const WAIT_MS = 1;
const PATIENCE_MS = 60_000;

const clock = new Int32Array(new SharedArrayBuffer(4));

/** Waits as a futex does where nobody wakes it: looks, sleeps, looks again. @throws Error where it never comes true */
function waitUntil(isTrue: () => boolean, what: string): void {
  const latestMs = performance.now() + PATIENCE_MS;
  while (!isTrue()) {
    if (performance.now() > latestMs) throw new Error(`The other side did not ${what} within ${PATIENCE_MS} ms`);
    Atomics.wait(clock, 0, 0, WAIT_MS);
  }
}

/** Values go to and fro: the host says a number, the guest says it back. */
function countTogether(words: Int32Array, side: DanceSide): void {
  for (let round = 1; round <= ROUNDS; round += 1) {
    if (side === 'host') Atomics.store(words, WORD.hostCount, round);
    else waitUntil(() => Atomics.load(words, WORD.hostCount) === round, `count to ${round}`);
    if (side === 'guest') Atomics.store(words, WORD.guestCount, round);
    else waitUntil(() => Atomics.load(words, WORD.guestCount) === round, `count to ${round}`);
  }
}

/** Both add to one word without a look at each other: no addition may be lost. */
function addTogether(words: Int32Array): void {
  for (let count = 0; count < ADDITIONS; count += 1) Atomics.add(words, WORD.sum, 1);
}

/** Both take one lock in turn, and change a word under it in two steps that the other must not see the middle of. */
function lockTogether(words: Int32Array, side: DanceSide): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    const own = LOCK_OF[side];
    waitUntil(() => Atomics.compareExchange(words, WORD.lock, FREE, own) === FREE, 'free the lock');
    const seen = Atomics.load(words, WORD.guarded);
    Atomics.store(words, WORD.guarded, -1);
    Atomics.store(words, WORD.guarded, seen + 1);
    Atomics.store(words, WORD.lock, FREE);
  }
}

export function dance(words: Int32Array, side: DanceSide): void {
  countTogether(words, side);
  addTogether(words);
  lockTogether(words, side);
}

/** What the page holds after both have danced. */
export function danced(words: Int32Array): { readonly sum: number; readonly guarded: number } {
  return { sum: Atomics.load(words, WORD.sum), guarded: Atomics.load(words, WORD.guarded) };
}
