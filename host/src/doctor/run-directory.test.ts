import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makingObstacle } from './making-obstacle.ts';
import { checkRunDirectory } from './run-directory.ts';

let runtime: string;

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'muvm-doctor-'));
});

afterEach(() => rmSync(runtime, { recursive: true }));

const check = (env: NodeJS.ProcessEnv = { XDG_RUNTIME_DIR: runtime }) => checkRunDirectory('a', env);

describe('checkRunDirectory()', () => {
  test('finds that one can be made, and makes none', () => {
    expect(check()).toMatchObject({
      state: 'ok',
      text: `"${runtime}/muvm/a" can be made, as "${runtime}" can be written to`,
    });
    expect(readdirSync(runtime)).toEqual([]);
  });

  test('tells mode and owner of the one that is there', () => {
    mkdirSync(join(runtime, 'muvm'), { mode: 0o700 });
    expect(check()).toMatchObject({
      state: 'ok',
      text: `"${runtime}/muvm" has mode 700 and owner ${process.getuid?.()}, and can be written to`,
    });
  });

  test('refuses one that others may enter, that of the machine too', () => {
    mkdirSync(join(runtime, 'muvm', 'a'), { recursive: true });
    chmodSync(join(runtime, 'muvm'), 0o755);
    expect(() => check()).toThrow(/muvm" as it must be a directory with mode 700 .* it has mode 755/);
    chmodSync(join(runtime, 'muvm'), 0o700);
    chmodSync(join(runtime, 'muvm', 'a'), 0o750);
    expect(() => check()).toThrow(/muvm\/a" as it must be a directory with mode 700 .* it has mode 750/);
  });

  test('refuses a link in its place', () => {
    symlinkSync('nowhere', join(runtime, 'muvm'));
    expect(() => check()).toThrow(/muvm" as it must be a directory .* it has not a directory/);
  });

  test('finds a problem where there is no directory to make it in', () => {
    const file = join(runtime, 'file');
    writeFileSync(file, '');
    expect(check({ XDG_RUNTIME_DIR: file })).toMatchObject({
      state: 'problem',
      text: `The run directory "${file}/muvm/a" cannot be used: "${file}" is not a directory`,
    });
  });

  test('refuses a path that is too long for a socket', () => {
    expect(() => check({ XDG_RUNTIME_DIR: `/${'x'.repeat(100)}` })).toThrow('at most 107 are possible');
  });
});

describe('makingObstacle()', () => {
  test('is none for a directory, nor for one that is missing below one', () => {
    expect([runtime, join(runtime, 'a', 'b')].map(makingObstacle)).toEqual([undefined, undefined]);
  });

  test('is a file, or a link to nowhere, in its place or above it', () => {
    writeFileSync(join(runtime, 'file'), '');
    symlinkSync('nowhere', join(runtime, 'link'));
    expect(['file', 'file/a', 'link/a'].map((path) => makingObstacle(join(runtime, path)))).toEqual([
      `"${runtime}/file" is not a directory`,
      `"${runtime}/file" is not a directory`,
      `"${runtime}/link" cannot be written to: no such file or directory`,
    ]);
  });
});
