import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { takeLock } from './lock.ts';
import { ensureRunDirectory, runDirectory, runRoot } from './run-directory.ts';

let runtime: string;
const before = process.env['XDG_RUNTIME_DIR'];

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'muvm-run-'));
  process.env['XDG_RUNTIME_DIR'] = runtime;
});

afterEach(() => {
  rmSync(runtime, { recursive: true, force: true });
  if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
  else process.env['XDG_RUNTIME_DIR'] = before;
});

describe('runRoot()', () => {
  test('is in the runtime directory, else in /tmp under the number of the user', () => {
    expect(runRoot({ XDG_RUNTIME_DIR: '/run/user/7' })).toBe('/run/user/7/muvm');
    expect(runRoot({})).toBe(`/tmp/muvm-${process.getuid?.()}`);
    expect(runRoot({ XDG_RUNTIME_DIR: 'relative' })).toBe(`/tmp/muvm-${process.getuid?.()}`);
  });
});

describe('ensureRunDirectory()', () => {
  test('makes directories that only the user may enter', () => {
    const directory = ensureRunDirectory('a');
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(runRoot()).mode & 0o777).toBe(0o700);
  });

  test('refuses one that others may enter, one that is a link, and one that is a file', () => {
    chmodSync(ensureRunDirectory('open'), 0o755);
    expect(() => ensureRunDirectory('open')).toThrow(/must be a directory with mode 700 .* it has mode 755/);
    symlinkSync('/tmp', runDirectory('link'));
    expect(() => ensureRunDirectory('link')).toThrow(/it has not a directory/);
    writeFileSync(runDirectory('file'), '');
    expect(() => ensureRunDirectory('file')).toThrow(/^Cannot make the run directory/);
  });

  test('refuses a path that is too long for a socket, and names both lengths', () => {
    process.env['XDG_RUNTIME_DIR'] = join(runtime, 'x'.repeat(100));
    expect(() => ensureRunDirectory('a')).toThrow(/would have paths of \d+ bytes, at most 107 are possible/);
    expect(existsSync(process.env['XDG_RUNTIME_DIR'])).toBe(false);
  });
});

describe('takeLock()', () => {
  test('is taken by one at a time', () => {
    const first = takeLock('a');
    expect(first).toBeDefined();
    expect(takeLock('a')).toBeUndefined();
    first?.[Symbol.dispose]();
    const second = takeLock('a');
    expect(second).toBeDefined();
    second?.[Symbol.dispose]();
  });

  test('of a directory that was removed meanwhile guards nothing: a new one is made', () => {
    const first = takeLock('a');
    rmSync(runDirectory('a'), { recursive: true });
    const second = takeLock('a');
    expect(second).toBeDefined();
    first?.[Symbol.dispose]();
    second?.[Symbol.dispose]();
  });

  test('of another name is free', () => {
    using _first = takeLock('a');
    using second = takeLock('b');
    expect(second).toBeDefined();
  });
});
