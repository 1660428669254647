import { describe, expect, test } from '@jest/globals';
import { nearest } from './nearest.ts';

const WORDS = ['--mem', '--name', '--status', '--stop', '--cpu-list'];

describe('nearest()', () => {
  test.each([
    ['--memm', '--mem'],
    ['--nmae', '--name'],
    ['--statsu', '--status'],
    ['--cpu', '--cpu-list'],
  ])('finds what "%s" was meant to be', (word, meant) => {
    expect(nearest(word, WORDS)).toBe(meant);
  });

  test('finds nothing for a word that is like none', () => {
    expect(nearest('--publish-all', WORDS)).toBeUndefined();
  });
});
