import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { erofsHead } from '../emulation/testing/erofs-head.ts';
import { checkEmulation } from './emulation.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-doctor-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function program(name: string): void {
  writeFileSync(join(directory, name), '#!/bin/sh\n', { mode: 0o755 });
}

function image(blockBits: number): string {
  const path = join(directory, `${blockBits}.erofs`);
  writeFileSync(path, erofsHead(blockBits));
  return path;
}

describe('checkEmulation()', () => {
  test('names what runs which programs, and the images', () => {
    for (const name of ['FEX', 'qemu-riscv64', 'qemu-aarch64']) program(name);
    const path = image(12);
    expect(checkEmulation({ PATH: directory }, 'arm64', [path])).toEqual({
      state: 'ok',
      text: `FEX runs programs of i386, x86_64; QEMU runs programs of riscv64; image "${path}" with blocks of 4096 bytes`,
      hint: undefined,
    });
  });

  test('notes that there is none, with one that this host could have', () => {
    const none = { state: 'note', text: 'There is no emulator of another processor in PATH' };
    expect(checkEmulation({ PATH: directory }, 'arm64', [])).toMatchObject({
      ...none,
      hint: expect.stringMatching(/FEX/),
    });
    expect(checkEmulation({ PATH: directory }, 'x64', [])).toMatchObject({
      ...none,
      hint: expect.stringMatching(/QEMU/),
    });
  });

  test('finds an image that no guest can mount', () => {
    program('box64');
    expect(checkEmulation({ PATH: directory }, 'arm64', [image(14)])).toMatchObject({
      state: 'problem',
      text: expect.stringMatching(/^Box64 runs programs of i386, x86_64; Cannot use .* and have 16384$/),
      hint: expect.stringContaining('mkfs.erofs -b4096'),
    });
  });
});
