import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { kernelFile } from './kernel-cache.ts';
import { findPvhEntry, type RawKernel } from './pvh-elf.ts';

let directory: string;
let library: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-kernel-'));
  library = join(directory, 'libkrunfw.so.5');
  writeFileSync(library, 'first');
});

afterEach(() => rmSync(directory, { recursive: true }));

function kernel(): RawKernel {
  const image = Buffer.alloc(4096);
  image.writeUInt32LE(4, 0);
  image.writeUInt32LE(8, 4);
  image.writeUInt32LE(18, 8);
  image.write('Xen\0', 12, 'latin1');
  image.writeBigUInt64LE(0x1234n, 16);
  return { image, loadAddress: 0x100_0000n };
}

test('kernelFile() reads the library once and finds the file again', async () => {
  const cache = join(directory, 'cache');
  const first = await kernelFile(library, kernel, cache);
  const again = await kernelFile(
    library,
    () => {
      throw new Error('read twice');
    },
    cache,
  );
  expect(again).toBe(first);
  expect(findPvhEntry(readFileSync(first))).toBe(0x1234n);
  expect(readdirSync(cache).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('kernelFile() makes another file for another content, and the same for a copy', async () => {
  const cache = join(directory, 'cache');
  const first = await kernelFile(library, kernel, cache);
  writeFileSync(library, 'second');
  utimesSync(library, 1, 1);
  expect(await kernelFile(library, kernel, cache)).not.toBe(first);
  const copy = join(directory, 'copy');
  writeFileSync(copy, 'first');
  expect(await kernelFile(copy, kernel, cache)).toBe(first);
});

test('kernelFile() refuses a library without a kernel, and leaves nothing behind', async () => {
  const cache = join(directory, 'cache');
  const broken = () => ({ image: Buffer.alloc(64), loadAddress: 0n });
  await expect(kernelFile(library, broken, cache)).rejects.toThrow(`Cannot read a guest kernel from "${library}"`);
  expect(readdirSync(cache).filter((name) => name.startsWith('kernel'))).toEqual([]);
});

test('kernelFile() names the cache it cannot write', async () => {
  const cache = join(directory, 'file', 'cache');
  writeFileSync(join(directory, 'file'), '');
  await expect(kernelFile(library, kernel, cache)).rejects.toThrow(
    /^Cannot write the guest kernel to ".*": not a directory$/,
  );
});
