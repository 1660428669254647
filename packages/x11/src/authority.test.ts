import { expect, test } from '@jest/globals';
import { formatAuthorities, parseAuthorities } from './authority.ts';

const entries = [
  { family: 256, address: Buffer.from('host'), display: '0', name: 'MIT-MAGIC-COOKIE-1', data: Buffer.alloc(16, 1) },
  { family: 65_535, address: Buffer.alloc(0), display: '', name: 'MIT-MAGIC-COOKIE-1', data: Buffer.alloc(16, 2) },
];

test('an authority file is read as it was written', () => {
  expect(parseAuthorities(formatAuthorities(entries))).toEqual(entries);
  expect(parseAuthorities(Buffer.alloc(0))).toEqual([]);
});

test('one that breaks off is refused, at every byte where no entry ends', () => {
  const bytes = formatAuthorities(entries);
  const ends = [0, formatAuthorities(entries.slice(0, 1)).length];
  for (let length = 0; length < bytes.length; length += 1) {
    const read = () => parseAuthorities(bytes.subarray(0, length));
    if (ends.includes(length)) expect(read).not.toThrow();
    else expect(read).toThrow(/^Cannot read an X11 authority file as there is no whole entry at byte \d+$/);
  }
});

test('one of too many entries is refused', () => {
  expect(() => parseAuthorities(Buffer.alloc(10 * 5000))).toThrow('no whole entry');
});
