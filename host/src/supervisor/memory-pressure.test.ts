import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pressureLevel, watchMemoryPressure } from './memory-pressure.ts';

const meminfo = (availablePercent: number) =>
  `MemTotal:       1000000 kB\nMemFree:          1000 kB\nMemAvailable:    ${availablePercent * 10_000} kB\n`;

test.each([
  [100, 0],
  [26, 0],
  [25, 1],
  [20, 2],
  [15, 3],
  [11, 3],
  [10, 4],
  [0, 4],
])('pressureLevel() with %d %% available is %d', (percent, level) =>
  expect(pressureLevel(meminfo(percent))).toBe(level),
);

test('pressureLevel() of what tells nothing is 0', () => expect(pressureLevel('')).toBe(0));

describe('watchMemoryPressure()', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function watch(send: (level: number) => Promise<void>) {
    const state = { percent: 100 };
    const warnings: string[] = [];
    const log = { info: () => {}, warn: (line: string) => void warnings.push(line) };
    const watching = watchMemoryPressure({ readMeminfo: () => meminfo(state.percent), send }, log);
    const at = async (percent: number) => {
      state.percent = percent;
      await jest.advanceTimersByTimeAsync(500);
    };
    return { at, warnings, watching };
  }

  test('tells each change once, and nothing while there is no pressure', async () => {
    const levels: number[] = [];
    const { at, watching } = watch(async (level) => void levels.push(level));
    for (const percent of [90, 50, 24, 23, 9, 8, 90, 90]) await at(percent);
    expect(levels).toEqual([1, 4, 0]);
    watching[Symbol.dispose]();
    await at(5);
    expect(levels).toHaveLength(3);
  });

  test('tells again what could not be told, and warns once', async () => {
    const levels: number[] = [];
    const { at, warnings, watching } = watch(async (level) => {
      levels.push(level);
      if (levels.length < 4) throw new Error('busy');
    });
    for (let count = 0; count < 6; count += 1) await at(18);
    expect(levels).toEqual([2, 2, 2, 2]);
    expect(warnings).toEqual(['guest was not told of memory pressure 2: busy']);
    watching[Symbol.dispose]();
  });

  test('does not ask a guest that has not answered yet', async () => {
    let calls = 0;
    const { at, watching } = watch(() => {
      calls += 1;
      return new Promise(() => {});
    });
    for (let count = 0; count < 5; count += 1) await at(5);
    expect(calls).toBe(1);
    watching[Symbol.dispose]();
  });
});
