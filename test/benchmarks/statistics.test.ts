import { describe, expect, test } from '@jest/globals';
import { median, summarize } from './statistics.ts';

describe('median()', () => {
  test.each([
    [[7], 7],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 2], 9],
  ])('of %j is %d', (samples, expected) => {
    expect(median(samples)).toBe(expected);
  });

  test('refuses no samples', () => {
    expect(() => median([])).toThrow('Cannot compute a median: no samples');
  });

  test('leaves the samples in their order', () => {
    const samples = [3, 1, 2];
    median(samples);
    expect(samples).toEqual([3, 1, 2]);
  });
});

test('summarize() returns the count and the spread', () => {
  expect(summarize([4, 1, 10, 3])).toEqual({ count: 4, min: 1, median: 3.5, max: 10 });
});
