import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { canEmulateInParallel, qemuVersion } from './qemu-version.ts';

const before = process.env['XDG_CACHE_HOME'];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-version-'));
  process.env['XDG_CACHE_HOME'] = directory;
});

afterEach(() => {
  rmSync(directory, { recursive: true });
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
});

function fakeQemu(text: string): string {
  const path = join(directory, 'qemu');
  writeFileSync(path, `#!/bin/sh\necho '${text}'\n`);
  chmodSync(path, 0o755);
  return path;
}

test.each([
  ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)', [7, 2]],
  ['QEMU emulator version 10.0.2', [10, 0]],
  ['something else', [0, 0]],
])('qemuVersion() reads "%s"', async (text, version) => {
  expect(await qemuVersion(fakeQemu(text))).toEqual(version);
});

test('canEmulateInParallel() from version 8.1 on', () => {
  expect(
    [
      [7, 2],
      [8, 0],
      [8, 1],
      [9, 0],
      [10, 2],
    ].map(([a, b]) => canEmulateInParallel([a as number, b as number])),
  ).toEqual([false, false, true, true, true]);
});
