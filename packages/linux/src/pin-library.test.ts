import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { pinLibrary } from './pin-library.ts';

const libc = /\S+\/libc\.so\S*/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] as string;

test('pinLibrary() takes a library that is loaded, and no other', () => {
  expect(() => pinLibrary(libc)).not.toThrow();
  expect(() => pinLibrary('/nonexistent.so')).toThrow('Cannot keep "/nonexistent.so"');
});
