import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { IdleWatch } from './idle-watch.ts';

let countDetached: () => Promise<number>;
let detached: number;
let idle: number;
let silent: number;
let reasons: string[];

beforeEach(() => {
  jest.useFakeTimers();
  detached = 0;
  idle = 0;
  silent = 0;
  reasons = [];
  countDetached = async () => detached;
});

afterEach(() => {
  jest.useRealTimers();
});

function watch(lingerMs: number): IdleWatch {
  return new IdleWatch({
    lingerMs,
    countDetached: () => countDetached(),
    onUnknown: (reason) => reasons.push(reason),
    onIdle: () => {
      idle += 1;
    },
    onSilent: () => {
      silent += 1;
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

test('IdleWatch lingers after a call that came and went while it counted', async () => {
  const calls = watch(5000);
  let answer = (_count: number) => {};
  countDetached = () => new Promise((resolve) => (answer = resolve));
  calls.begin();
  calls.end();
  await jest.advanceTimersByTimeAsync(5000);
  calls.begin();
  calls.end();
  answer(0);
  await jest.advanceTimersByTimeAsync(4999);
  expect(idle).toBe(0);
  await jest.advanceTimersByTimeAsync(1);
  answer(0);
  await jest.advanceTimersByTimeAsync(0);
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

describe('IdleWatch keeps a VM whose guest', () => {
  const refused = new MuvmError('INTERNAL', 'Cannot call "Status": guest returned 13 (INTERNAL)');

  test('fails to count its commands, reports that once, and stops the VM after a good count', async () => {
    const calls = watch(0);
    countDetached = () => Promise.reject(refused);
    calls.begin();
    calls.end();
    await jest.advanceTimersByTimeAsync(600_000);
    expect([idle, silent, reasons]).toEqual([0, 0, [refused.message]]);
    countDetached = async () => 0;
    await jest.advanceTimersByTimeAsync(1000);
    expect([idle, silent, reasons]).toEqual([1, 0, [refused.message]]);
  });

  test('fails again after a good count, and reports that too', async () => {
    const calls = watch(0);
    calls.begin();
    calls.end();
    for (const next of [() => Promise.reject(refused), async () => 1, () => Promise.reject(refused)]) {
      countDetached = next;
      await jest.advanceTimersByTimeAsync(5000);
    }
    expect([idle, reasons.length]).toEqual([0, 2]);
  });

  test('does not answer for less than a minute, and counts that minute again after each call', async () => {
    const calls = watch(0);
    countDetached = () => Promise.reject(new MuvmError('TIMED_OUT', 'Guest did not answer "Status" within 3000 ms'));
    for (let round = 0; round < 3; round += 1) {
      calls.begin();
      calls.end();
      await jest.advanceTimersByTimeAsync(55_000);
    }
    expect([idle, silent]).toEqual([0, 0]);
  });
});

test.each(['TIMED_OUT', 'VM_ENDED'] as const)(
  'IdleWatch reports a guest that fails with %s for a minute as silent, once',
  async (code) => {
    const calls = watch(0);
    countDetached = () => Promise.reject(new MuvmError(code, 'Guest did not answer'));
    calls.begin();
    calls.end();
    await jest.advanceTimersByTimeAsync(600_000);
    expect([idle, silent, reasons.length]).toEqual([0, 1, 1]);
  },
);
