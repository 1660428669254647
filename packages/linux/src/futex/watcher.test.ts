import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { needsFutexRing } from '../../../../test/framework/needs-futex-ring.ts';
import { type SkipReason, testUnless } from '../../../../test/framework/skip.ts';
import { POLL_EVENTS, pollNow } from '../poll.ts';
import { FUTEX_EVERYONE, FUTEX_MASKS, futexWake } from './futex-wake.ts';
import { RingWatcher } from './ring-watcher.ts';
import { TestPeer, TestWords } from './test-peer.ts';
import { TimerWatcher } from './timer-watcher.ts';
import { FUTEXES_MAX, type FutexWatcher } from './watcher.ts';

const kinds: readonly [string, () => FutexWatcher, SkipReason][] = [
  ['RingWatcher', () => new RingWatcher(), needsFutexRing()],
  ['TimerWatcher', () => new TimerWatcher(), undefined],
];

const LOOK_MS = 2;
/** Longer than it takes either kind to tell. */
const QUIET_MS = 40;
const TELL_TIMEOUT_MS = 5000;
/** Some try thousands of words, where each is a mapping. */
const TEST_TIMEOUT_MS = 60_000;

/** Takes until `count` different words were told, and for a while more. */
async function take(watcher: FutexWatcher, count = 0): Promise<number[]> {
  const taken: number[] = [];
  const endMs = performance.now() + TELL_TIMEOUT_MS;
  let quietMs = performance.now() + QUIET_MS;
  while (performance.now() < endMs && (performance.now() < quietMs || new Set(taken).size < count)) {
    if ((pollNow(watcher.fd, POLL_EVENTS.in) & POLL_EVENTS.in) === 0) {
      await sleep(LOOK_MS);
      continue;
    }
    const news = watcher.take();
    expect(new Set(news).size).toBe(news.length);
    taken.push(...news);
    if (news.length > 0) quietMs = performance.now() + QUIET_MS;
  }
  return taken;
}

const distinct = (ids: readonly number[]) => [...new Set(ids)].sort((a, b) => a - b);

describe.each(kinds)('%s', (name, create, skip) => {
  const watcherTest = (title: string, run: () => void | Promise<void>) => testUnless(skip, title, run, TEST_TIMEOUT_MS);
  let one: TestWords;
  let watcher: FutexWatcher;

  beforeEach(() => {
    one = new TestWords(1);
    watcher = create();
  });

  afterEach(() => {
    watcher[Symbol.dispose]();
    one[Symbol.dispose]();
  });

  const word = () => one.words[0] as TestWords['words'][number];

  watcherTest('sees when another program wakes who waits, once', async () => {
    using peer = await TestPeer.start(one.paths);
    Atomics.store(word().words, 0, -1);
    watcher.watch(7, word());
    expect(await take(watcher)).toEqual([]);
    await peer.ask('trigger 0');
    expect(await take(watcher, 1)).toEqual([7]);
  });

  watcherTest('wakes who waits in another program, and does not see that', async () => {
    using peer = await TestPeer.start(one.paths);
    watcher.watch(7, word());
    const answer = peer.ask('await 0');
    await take(watcher);
    const wake = () => futexWake(word().address, FUTEX_EVERYONE, FUTEX_MASKS.relay);
    // Who is woken finds -1 and waits again.
    while (wake() === 0) await sleep(LOOK_MS);
    expect(await take(watcher)).toEqual([]);
    Atomics.store(word().words, 0, 1);
    let isAnswered = false;
    void answer.then(() => {
      isAnswered = true;
    });
    for (; !isAnswered; await sleep(LOOK_MS)) wake();
    expect(await answer).toBeGreaterThan(0);
  });

  watcherTest('tells of changes since it last told, and of none from before it watched', async () => {
    Atomics.store(word().words, 0, 1);
    watcher.watch(7, word());
    expect(await take(watcher)).toEqual([]);
    Atomics.store(word().words, 0, 2);
    futexWake(word().address, FUTEX_EVERYONE, FUTEX_MASKS.program);
    Atomics.store(word().words, 0, 3);
    expect(await take(watcher, 1)).toEqual([7]);
    Atomics.store(word().words, 0, 4);
    futexWake(word().address, FUTEX_EVERYONE, FUTEX_MASKS.program);
    expect(await take(watcher, 1)).toEqual([7]);
  });

  watcherTest('tells a thousand words apart', async () => {
    using many = new TestWords(1000);
    using peer = await TestPeer.start(many.paths);
    for (const [id, memory] of many.words.entries()) watcher.watch(id, memory);
    expect(await take(watcher)).toEqual([]);
    await peer.ask('storm 1');
    expect(distinct(await take(watcher, 1000))).toEqual([...many.words.keys()]);
    expect(await take(watcher)).toEqual([]);
  });

  watcherTest('loses nothing of a storm, and tells nothing of words that it is no longer to watch', async () => {
    const COUNT = 40;
    using many = new TestWords(COUNT);
    using peer = await TestPeer.start(many.paths);
    for (const [id, memory] of many.words.entries()) watcher.watch(id, memory);
    peer.tell('storm 4000');
    let done = false;
    const ended = peer.answer().then(() => {
      done = true;
    });
    for (let next = COUNT; !done; next += 1) {
      const place = next % COUNT;
      watcher.unwatch(next - COUNT);
      watcher.watch(next, many.words[place] as TestWords['words'][number]);
      for (const id of watcher.take()) expect(id).toBeGreaterThan(next - COUNT);
      if (next % 10 === 0) await sleep(0);
    }
    await ended;
    const before = distinct(await take(watcher));
    expect(before.length).toBeLessThanOrEqual(COUNT);
    await peer.ask('storm 1');
    expect(distinct(await take(watcher, COUNT))).toHaveLength(COUNT);
  });

  watcherTest('does not mistake memory for what was at its address before', async () => {
    using other = new TestWords(1);
    using peer = await TestPeer.start([...one.paths, ...other.paths]);
    watcher.watch(1, word());
    watcher.unwatch(1);
    watcher.watch(1, other.words[0] as TestWords['words'][number]);
    await peer.ask('wake 0');
    expect(await take(watcher)).toEqual([]);
  });

  watcherTest('outlives a file that becomes too short for its word', async () => {
    using other = new TestWords(1);
    watcher.watch(1, word());
    watcher.watch(2, other.words[0] as TestWords['words'][number]);
    truncateSync(one.paths[0] as string, 0);
    expect(futexWake(word().address, FUTEX_EVERYONE, FUTEX_MASKS.program)).toBe(0);
    await take(watcher);
    using peer = await TestPeer.start(other.paths);
    await peer.ask('storm 1');
    expect(distinct(await take(watcher, 1))).toEqual([2]);
    watcher.watch(3, word());
    expect(await take(watcher)).toEqual([]);
  });

  watcherTest('grows by nothing while words come and go', async () => {
    const churn = (rounds: number) => {
      for (let round = 0; round < rounds; round += 1) {
        watcher.watch(round, word());
        watcher.unwatch(round);
      }
    };
    const use = () => ({ descriptors: readdirSync('/proc/self/fd').length, kib: anonymousKib() });
    churn(5000);
    const before = use();
    churn(10_000);
    const after = use();
    expect(after.descriptors).toBe(before.descriptors);
    expect(after.kib - before.kib).toBeLessThan(20_000);
    Atomics.store(word().words, 0, 9);
    expect(await take(watcher)).toEqual([]);
  });

  watcherTest('refuses an id twice, and one word too many', () => {
    watcher.watch(1, word());
    expect(() => watcher.watch(1, word())).toThrow('Cannot watch word 1 as it is watched already');
    for (let id = 2; id <= FUTEXES_MAX; id += 1) watcher.watch(id, word());
    expect(() => watcher.watch(0, word())).toThrow(`at most ${FUTEXES_MAX}`);
    watcher.unwatch(2);
    watcher.watch(0, word());
  });

  watcherTest('starts no thread and leaves no descriptor', () => {
    const threads = readdirSync('/proc/self/task').length;
    const descriptors = readdirSync('/proc/self/fd').length;
    for (let round = 0; round < 10; round += 1) {
      using another = create();
      another.watch(1, word());
      expect(readdirSync('/proc/self/task').length).toBe(threads);
    }
    expect(readdirSync('/proc/self/fd').length).toBe(descriptors);
    expect(watcher.kind).toBe(name === 'RingWatcher' ? 'io_uring' : 'timer');
  });
});

function anonymousKib(): number {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
