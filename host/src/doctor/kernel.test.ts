import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RawKernel } from '../kernel/index.ts';
import { checkKernel } from './kernel.ts';

const before = process.env['MUVM_DEBUG_LIBKRUNFW'];
let directory: string;
let firmware: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-doctor-'));
  firmware = join(directory, 'libkrunfw.so.5');
  writeFileSync(firmware, 'library');
  process.env['MUVM_DEBUG_LIBKRUNFW'] = firmware;
});

afterEach(() => {
  rmSync(directory, { recursive: true });
  if (before === undefined) delete process.env['MUVM_DEBUG_LIBKRUNFW'];
  else process.env['MUVM_DEBUG_LIBKRUNFW'] = before;
});

/** 2 MiB with the note that QEMU looks for. */
function kernel(): RawKernel {
  const image = Buffer.alloc(2 * 1024 * 1024);
  image.writeUInt32LE(4, 0);
  image.writeUInt32LE(8, 4);
  image.writeUInt32LE(18, 8);
  image.write('Xen\0', 12, 'latin1');
  return { image, loadAddress: 0n };
}

const check = (cache: string, read: (path: string) => RawKernel) =>
  checkKernel({ bundleDirectory: directory, env: { XDG_CACHE_HOME: cache } }, read);

describe('checkKernel()', () => {
  test('tells library, size and cache, and puts nothing there', async () => {
    const cache = join(directory, 'cache');
    expect(await check(cache, kernel)).toMatchObject({
      state: 'ok',
      text: `"${firmware}" has a kernel of 2 MiB that QEMU can boot, by way of the cache "${cache}/muvm"`,
    });
    expect(readdirSync(directory)).toEqual(['libkrunfw.so.5']);
  });

  test('refuses a library that has no kernel', async () => {
    const read = () => {
      throw new Error('no such symbol');
    };
    await expect(check(directory, read)).rejects.toThrow(
      `Cannot read a guest kernel from "${firmware}": no such symbol`,
    );
  });

  test('refuses a cache that the kernel cannot be put into', async () => {
    mkdirSync(join(directory, 'cache'));
    writeFileSync(join(directory, 'cache', 'muvm'), 'a file');
    await expect(check(join(directory, 'cache'), kernel)).rejects.toThrow('Cannot write the guest kernel to');
  });
});
