import { closeSync, openSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { countOpenFiles, openFilesLimit } from './open-files.ts';

test('countOpenFiles() counts what is opened', () => {
  const before = countOpenFiles(process.pid, 0);
  const opened = Array.from({ length: 40 }, () => openSync('/dev/null', 'r'));
  expect(countOpenFiles(process.pid, 0) - before).toBe(40);
  for (const fd of opened) closeSync(fd);
  // The one more is the directory itself, while it is read.
  expect(Math.abs(readdirSync('/proc/self/fd').length - countOpenFiles(process.pid, 0))).toBeLessThanOrEqual(1);
});

test('openFilesLimit() is a number of descriptors', () => {
  expect(openFilesLimit(process.pid)).toBeGreaterThan(countOpenFiles(process.pid, 0));
});

test('a process that is gone is an error', () => {
  expect(() => openFilesLimit(2 ** 22 + 1)).toThrow('ENOENT');
  expect(() => countOpenFiles(2 ** 22 + 1, 0)).toThrow('ENOENT');
});
