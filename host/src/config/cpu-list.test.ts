import { describe, expect, test } from '@jest/globals';
import { formatCpuRanges, parseCpuRanges } from './cpu-list.ts';

describe('parseCpuRanges()', () => {
  test.each([
    ['0', [0]],
    ['0-3', [0, 1, 2, 3]],
    ['6,0-1', [0, 1, 6]],
    ['1,1,0-2', [0, 1, 2]],
    ['8191', [8191]],
  ])('reads "%s"', (text, cpus) => {
    expect(parseCpuRanges(text)).toEqual(cpus);
  });

  test.each(['', ',', '0,', 'a', '-1', '3-1', '0-', '1.5', ' 1', '8192', '0-99999', '0x1'])('refuses "%s"', (text) => {
    expect(parseCpuRanges(text)).toBeUndefined();
  });
});

describe('formatCpuRanges()', () => {
  test.each(['0', '0-3', '0-1,6', '1,3,5-7'])('gives "%s" back as it was read', (text) => {
    expect(formatCpuRanges(parseCpuRanges(text) ?? [])).toBe(text);
  });
});
