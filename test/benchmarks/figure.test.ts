import { describe, expect, test } from '@jest/globals';
import { compared, figure, isWithinBounds } from './figure.ts';

const NODE = { name: 'node', samples: [10, 20, 30] };

test('compared() returns the ratio of the medians', () => {
  const { against, samples } = compared('exec', 'ms', [10, 50, 60], NODE);
  expect(samples.median).toBe(50);
  expect(against).toEqual({ name: 'node', samples: { count: 3, min: 10, median: 20, max: 30 }, ratio: 2.5 });
});

describe('isWithinBounds()', () => {
  test.each([
    [{ atMost: 2.5 }, true],
    [{ atMost: 2.4 }, false],
    [{ atLeast: 2.5 }, true],
    [{ atLeast: 2.6 }, false],
  ])('compares the ratio 2.5 with %j', (bounds, expected) => {
    expect(isWithinBounds(compared('exec', 'ms', [50], NODE, bounds))).toBe(expected);
  });

  test('returns undefined if nothing is promised', () => {
    expect(isWithinBounds(compared('exec', 'ms', [50], NODE))).toBeUndefined();
    expect(isWithinBounds(figure('exec', 'ms', [50]))).toBeUndefined();
  });
});
