import { describe, expect, test } from '@jest/globals';
import { checkMemory } from './memory.ts';

const meminfo = (availableKib: number) =>
  `MemTotal:        8388608 kB\nMemFree:          100000 kB\nMemAvailable:   ${availableKib} kB\n`;

describe('checkMemory()', () => {
  test('tells what is there and what is available', () => {
    expect(checkMemory(meminfo(4 * 1024 * 1024))).toMatchObject({
      state: 'ok',
      text: '"/proc/meminfo": 4096 MiB of 8192 MiB are available',
    });
  });

  test.each([
    [1024 * 1024, 'ok'],
    [1024 * 1024 - 1, 'problem'],
  ])('takes %d KiB for %s', (availableKib, state) => {
    expect(checkMemory(meminfo(availableKib)).state).toBe(state);
  });

  test('refuses what it does not understand', () => {
    expect(() => checkMemory('MemTotal: 1 kB\n')).toThrow('Cannot find "MemAvailable" in "/proc/meminfo"');
  });
});
