import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkPasst } from './passt.ts';
import { programVersion } from './program-version.ts';
import { checkQemu, checkVirtiofsd } from './qemu.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-doctor-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function program(script: string): string {
  const path = join(directory, 'program');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('programVersion()', () => {
  test('is the first line of what the program prints', async () => {
    expect(await programVersion(program('echo "passt 2024 of $1"; echo "Copyright"'), 60_000)).toBe(
      'passt 2024 of --version',
    );
  });

  test('refuses a program that fails, with its status and its words', async () => {
    const path = program('echo "lacks libx.so" >&2; exit 127');
    await expect(programVersion(path, 60_000)).rejects.toThrow(
      `Cannot run "${path} --version": it ended with status 127: lacks libx.so`,
    );
  });

  test('refuses a program that does not answer', async () => {
    await expect(programVersion(program('exec sleep 60'), 50)).rejects.toThrow('it did not answer within 50 ms');
  });

  test('refuses a program that is not there', async () => {
    await expect(programVersion('/nonexistent')).rejects.toThrow(
      'Cannot run "/nonexistent --version": no such file or directory',
    );
  });
});

describe('checkQemu()', () => {
  test('tells path and version', async () => {
    const path = program('echo "QEMU emulator version 9.2.1 (Debian 1:9.2.1)"');
    expect(await checkQemu(() => path)).toMatchObject({ state: 'ok', text: `"${path}" runs, version 9.2.1` });
  });

  test('tells the words of one that names no version', async () => {
    const path = program('echo "something else"');
    expect((await checkQemu(() => path)).text).toContain('version untold ("something else")');
  });
});

describe('checkVirtiofsd()', () => {
  const at = () => '/usr/libexec/virtiofsd';

  test('lets every user run the one in Rust', async () => {
    const finding = await checkVirtiofsd(at, async () => 'rust', 1000);
    expect(finding).toMatchObject({
      state: 'ok',
      text: '"/usr/libexec/virtiofsd" is the one in Rust, which needs no root',
    });
  });

  test('lets root alone run the one in C', async () => {
    expect((await checkVirtiofsd(at, async () => 'c', 0)).state).toBe('ok');
    await expect(checkVirtiofsd(at, async () => 'c', 1000)).rejects.toThrow('as user 1000 as it runs as root alone');
  });

  test('asks the program itself which kind it is', async () => {
    const rust = program('echo "  --shared-dir <PATH>"');
    expect((await checkVirtiofsd(() => rust)).text).toContain('the one in Rust');
  });

  test('refuses one that cannot be run', async () => {
    const path = program('exit 1');
    await expect(checkVirtiofsd(() => path)).rejects.toThrow(`Cannot run "${path} --help"`);
  });
});

describe('checkPasst()', () => {
  test('tells path and version', async () => {
    const path = program('echo "passt 2024_12_11"; echo "Copyright Red Hat"');
    expect(await checkPasst(path)).toMatchObject({ state: 'ok', text: `"${path}" runs: passt 2024_12_11` });
  });

  test('refuses one that cannot be run', async () => {
    await expect(checkPasst('/nonexistent')).rejects.toThrow('Cannot run "/nonexistent --version"');
  });
});
