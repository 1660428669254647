import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { needsFutexRing } from '../../../../test/framework/needs-futex-ring.ts';
import { testUnless } from '../../../../test/framework/skip.ts';
import { POLL_EVENTS, pollNow } from '../poll.ts';
import { createFutexWatcher } from './create-watcher.ts';
import { MissedWakes } from './missed-wakes.ts';
import { TestPeer, TestWords } from './test-peer.ts';

const LOOK_MS = 1;
const WAITED_FOR = -1;
const REST_MS = 50;
let fence: TestWords;
let missed: MissedWakes;
let nowMs: number;
const memory = () => fence.words[0] as TestWords['words'][number];
const value = () => memory().words;

beforeEach(() => {
  fence = new TestWords(1);
  nowMs = 1000;
  missed = new MissedWakes(() => nowMs);
});

afterEach(() => {
  missed[Symbol.dispose]();
  fence[Symbol.dispose]();
});

/** Time goes by, and a look is made at its end. */
function pass(durationMs: number): void {
  nowMs += durationMs;
  missed.tick();
}

const isDue = () => (pollNow(missed.fd, POLL_EVENTS.in) & POLL_EVENTS.in) !== 0;

/** Ticks when it is time, until an answer is there. */
async function tickUntil<T>(answer: Promise<T>): Promise<T> {
  let isThere = false;
  const watched = answer.finally(() => {
    isThere = true;
  });
  while (!isThere) {
    if (isDue()) pass(missed.intervalMs);
    await sleep(LOOK_MS);
  }
  return watched;
}

async function untilWaitedFor(): Promise<void> {
  while (Atomics.load(value(), 0) !== WAITED_FOR) await sleep(LOOK_MS);
}

test('a fence that is triggered without a signal wakes who waits for it', async () => {
  using peer = await TestPeer.start(fence.paths);
  missed.add(1, memory());
  const answer = peer.ask('await 0');
  await untilWaitedFor();
  Atomics.store(value(), 0, 1);
  expect(await tickUntil(answer)).toBeGreaterThan(0);
});

test.each([
  ['from which no signal has come', () => {}],
  ['from which signals have come', () => missed.signalled(1)],
])('so does one %s that has gone all the way to the value it had between two looks', async (_, prepare) => {
  using peer = await TestPeer.start(fence.paths);
  Atomics.store(value(), 0, 1);
  missed.add(1, memory());
  prepare();
  Atomics.store(value(), 0, 0);
  const answer = peer.ask('await 0');
  await untilWaitedFor();
  // Long enough for it to be asleep in the kernel.
  await sleep(20);
  Atomics.store(value(), 0, 1);
  expect(await tickUntil(answer)).toBe(1);
});

test('who waits for a fence that is not triggered sleeps on', async () => {
  using peer = await TestPeer.start(fence.paths);
  missed.add(1, memory());
  const answer = peer.ask('await 0');
  await untilWaitedFor();
  await sleep(20);
  for (let tick = 0; tick < 3; tick += 1) pass(REST_MS);
  Atomics.store(value(), 0, 1);
  expect(await tickUntil(answer)).toBe(1);
});

// A timer sees every change, and no wake at all.
testUnless(needsFutexRing(), 'a watcher by io_uring does not see what it wakes', () => {
  using watcher = createFutexWatcher();
  watcher.watch(1, memory());
  missed.add(1, memory());
  Atomics.store(value(), 0, 1);
  for (let look = 0; look < 5; look += 1) pass(REST_MS);
  expect(watcher.take()).toEqual([]);
});

test('it looks rarely at rest, often while there is traffic and no signal was seen, and never without fences', () => {
  missed.traffic();
  expect(missed.intervalMs).toBe(0);
  missed.add(1, memory());
  expect(missed.intervalMs).toBe(2);
  pass(REST_MS);
  expect(missed.intervalMs).toBe(2);
  pass(REST_MS);
  pass(1);
  expect(missed.intervalMs).toBe(50);
  missed.traffic();
  expect(missed.intervalMs).toBe(2);
  missed.signalled(1);
  pass(1);
  expect(missed.intervalMs).toBe(50);
  missed.traffic();
  expect(missed.intervalMs).toBe(50);
  missed.delete(1);
  expect(missed.intervalMs).toBe(0);
});
