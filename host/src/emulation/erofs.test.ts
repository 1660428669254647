import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkImage } from './erofs.ts';
import { erofsHead } from './testing/index.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-erofs-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function image(content: Buffer | string): string {
  const path = join(directory, 'image');
  writeFileSync(path, content);
  return path;
}

describe('checkImage()', () => {
  test.each([
    [9, 512],
    [12, 4096],
  ])('takes blocks of 2^%d bytes', (bits, bytes) => expect(checkImage(image(erofsHead(bits)))).toBe(bytes));

  test.each([
    [13, 8192],
    [14, 16384],
    [16, 65536],
  ])('refuses blocks of 2^%d bytes, and tells how to make smaller ones', (bits, bytes) => {
    const path = image(erofsHead(bits));
    const message = `Cannot use the image "${path}" as its blocks must have at most 4096 bytes, as the guest's pages have, and have ${bytes}`;
    expect(() => checkImage(path)).toThrow(
      expect.objectContaining({ code: 'USAGE', message, hint: expect.stringContaining('"mkfs.erofs -b4096 IMAGE') }),
    );
  });

  test.each([
    ['an empty file', '', ' file system'],
    ['a text', 'x'.repeat(4096), ' file system'],
    ['one that was cut off', erofsHead(12).subarray(0, 1100), ' file system'],
    ['a SquashFS', Buffer.from('hsqs'.padEnd(4096)), ' file system, and is a SquashFS'],
  ])('refuses %s', (_, content, rest) => {
    const path = image(content);
    const message = `Cannot use the image "${path}" as it must be an EROFS${rest}`;
    expect(() => checkImage(path)).toThrow(expect.objectContaining({ code: 'USAGE', message }));
  });

  test('refuses what is no file, or not there', () => {
    expect(() => checkImage(directory)).toThrow(`Cannot use the image "${directory}" as it must be a file`);
    expect(() => checkImage('/nonexistent')).toThrow('Cannot read the image "/nonexistent": no such file or directory');
  });
});
