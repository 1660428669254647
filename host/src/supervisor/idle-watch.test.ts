import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { IdleWatch } from './idle-watch.ts';

let detached: number;
let idle: number;

beforeEach(() => {
  jest.useFakeTimers();
  detached = 0;
  idle = 0;
});

afterEach(() => {
  jest.useRealTimers();
});

function watch(lingerMs: number): IdleWatch {
  return new IdleWatch({
    lingerMs,
    countDetached: async () => detached,
    onIdle: () => {
      idle += 1;
    },
  });
}

test('IdleWatch is idle at once after the last of several calls', async () => {
  const calls = watch(0);
  calls.begin();
  calls.begin();
  calls.end();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(idle).toBe(0);
  calls.end();
  await jest.advanceTimersByTimeAsync(0);
  expect(idle).toBe(1);
});

test('IdleWatch lingers, and a call in that time keeps the VM', async () => {
  const calls = watch(5000);
  calls.begin();
  calls.end();
  await jest.advanceTimersByTimeAsync(4000);
  calls.begin();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(idle).toBe(0);
  calls.end();
  await jest.advanceTimersByTimeAsync(5000);
  expect(idle).toBe(1);
});

test('IdleWatch waits for detached commands', async () => {
  const calls = watch(0);
  detached = 1;
  calls.begin();
  calls.end();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(idle).toBe(0);
  detached = 0;
  await jest.advanceTimersByTimeAsync(2000);
  expect(idle).toBe(1);
});

test('IdleWatch ends a VM that nobody ever calls', async () => {
  watch(0).start();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(idle).toBe(1);
});

test('IdleWatch counts a guest that does not answer as one without commands', async () => {
  const calls = new IdleWatch({
    lingerMs: 0,
    countDetached: () => Promise.reject(new Error('no answer')),
    onIdle: () => {
      idle += 1;
    },
  });
  calls.begin();
  calls.end();
  await jest.advanceTimersByTimeAsync(0);
  expect(idle).toBe(1);
});
