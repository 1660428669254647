import { describe, expect, test } from '@jest/globals';
import { readWords, writeWords } from './split-words.ts';

describe('readWords()', () => {
  test.each([
    ['--ipv4-only', ['--ipv4-only']],
    ['  -m 1500\t-4\n', ['-m', '1500', '-4']],
    [`--search "a b" 'c d'`, ['--search', 'a b', 'c d']],
    [`a\\ b 'it'\\''s' ""`, ['a b', "it's", '']],
    ['"\\"\\\\\\n" \'\\n\' x"y"z', ['"\\\\n', '\\n', 'xyz']],
    ['$HOME `x` *', ['$HOME', '`x`', '*']],
  ])('splits %j', (text, words) => {
    expect(readWords(text)).toEqual({ value: words });
  });

  test.each(['"a', "a 'b", 'a\\', ' ', 'a\0', 'x '.repeat(257)])('refuses %j', (text) => {
    expect(readWords(text)).toHaveProperty('wanted');
  });
});

test('writeWords() writes what readWords() reads', () => {
  const words = ['-m', '1500', 'a b', "it's", '"', '', '$x', '\\'];
  expect(readWords(writeWords(words))).toEqual({ value: words });
  expect(writeWords(['-t', '127.0.0.1/8080:80'])).toBe('-t 127.0.0.1/8080:80');
});
