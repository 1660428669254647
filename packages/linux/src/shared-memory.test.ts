import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mapShared } from './shared-memory.ts';

test('mapShared() gives two mappings of a file the same words, and the file too', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-memory-'));
  const path = join(directory, 'words');
  const fd = openSync(path, 'w+');
  try {
    ftruncateSync(fd, 4096);
    using one = mapShared(fd, 4096);
    using other = mapShared(fd, 4096);
    Atomics.store(one.words, 3, 42);
    expect(Atomics.add(other.words, 3, 1)).toBe(42);
    expect([one.words[3], one.bytes.readInt32LE(12), readFileSync(path).readInt32LE(12)]).toEqual([43, 43, 43]);
  } finally {
    closeSync(fd);
    rmSync(directory, { recursive: true });
  }
});

test('mapShared() maps what lies behind an offset', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-memory-'));
  const fd = openSync(join(directory, 'bytes'), 'w+');
  try {
    ftruncateSync(fd, 8192);
    using behind = mapShared(fd, 4096, 4096n);
    behind.bytes.write('behind');
    using all = mapShared(fd, 8192);
    expect(all.bytes.toString('latin1', 4096, 4102)).toBe('behind');
  } finally {
    closeSync(fd);
    rmSync(directory, { recursive: true });
  }
});

test('mapShared() tells why it cannot', () => {
  const fd = openSync('/proc/self/status', 'r');
  expect(() => mapShared(fd, 4096)).toThrow(expect.objectContaining({ syscall: 'mmap' }));
  closeSync(fd);
});
