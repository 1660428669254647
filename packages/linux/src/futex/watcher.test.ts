import { closeSync, ftruncateSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { POLL_EVENTS, pollFor } from '../poll.ts';
import { mapShared, type SharedMemory } from '../shared-memory.ts';
import { canWaitInRing } from './create-watcher.ts';
import { FUTEX_EVERYONE, FUTEX_MASKS, futexWake } from './futex-wake.ts';
import { RingWatcher } from './ring-watcher.ts';
import { TimerWatcher } from './timer-watcher.ts';
import type { FutexWatcher } from './watcher.ts';

const WORD_BYTES = 4;
const path = `/dev/shm/muvm-futex-${process.pid}`;
let fd: number;
let word: SharedMemory;

beforeEach(() => {
  fd = openSync(path, 'wx+');
  ftruncateSync(fd, WORD_BYTES);
  word = mapShared(fd, WORD_BYTES);
});

afterEach(() => {
  word[Symbol.dispose]();
  closeSync(fd);
  unlinkSync(path);
});

const kinds: readonly [string, () => FutexWatcher, string | undefined][] = [
  ['RingWatcher', () => new RingWatcher(), canWaitInRing() ? undefined : 'the kernel has no futexes in io_uring'],
  ['TimerWatcher', () => new TimerWatcher(), undefined],
];

/** What is told within a time in which either kind tells all. */
function takeAll(watcher: FutexWatcher): number[] {
  const taken: number[] = [];
  const endMs = performance.now() + 30;
  while (performance.now() < endMs) if (pollFor(watcher.fd, POLL_EVENTS.in, 5) !== 0) taken.push(...watcher.take());
  return taken;
}

describe.each(kinds)('%s', (_, create, obstacle) => {
  const watcherTest = obstacle ? test.skip : test;

  watcherTest('sees a change that is followed by a wake, once', () => {
    using watcher = create();
    watcher.watch(7, word);
    expect(takeAll(watcher)).toEqual([]);
    Atomics.store(word.words, 0, 1);
    futexWake(word.address, FUTEX_EVERYONE, FUTEX_MASKS.program);
    expect(takeAll(watcher)).toEqual([7]);
    expect(takeAll(watcher)).toEqual([]);
  });

  watcherTest('does not see what a relay wakes', () => {
    using watcher = create();
    watcher.watch(7, word);
    expect(futexWake(word.address, FUTEX_EVERYONE, FUTEX_MASKS.relay)).toBe(0);
    expect(takeAll(watcher)).toEqual([]);
  });

  watcherTest('leaves no descriptor', () => {
    const before = readdirSync('/proc/self/fd').length;
    for (let round = 0; round < 10; round += 1) create()[Symbol.dispose]();
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});
