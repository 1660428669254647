import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { GuestConfig } from '@muvm/protocol/contract';
import { runRootHooks, runUserHooks } from './run-hooks.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-hooks-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function script(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

// The one who runs the test, so that nothing needs to be allowed.
const user = {
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  groups: [],
  name: 'ada',
  home: '/home/ada',
  shell: '/bin/sh',
};

const config = (...paths: readonly string[]): GuestConfig =>
  ({ hooks: { root: [], user: paths }, user, environment: { HK_SYSMEM: '7' } }) as unknown as GuestConfig;

describe('runUserHooks()', () => {
  test('runs each in its turn, with the environment of a command', () => {
    const file = join(directory, 'out');
    const first = script('first', `echo "1 $HOME $XDG_RUNTIME_DIR $HK_SYSMEM" >> ${file}`);
    const second = script('second', `echo "2 $(pwd)" >> ${file}`);
    expect(runUserHooks(config(first, second))).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe(`1 /home/ada /run/user/${user.uid} 7\n2 /\n`);
  });

  test('stops at the first that fails, with what it said on both streams', () => {
    const file = join(directory, 'out');
    const failing = script('failing', 'echo one; echo "  two" >&2; exit 3');
    const never = script('never', `touch ${file}`);
    expect(() => runUserHooks(config(failing, never))).toThrow(
      new Error(`hook "${failing}" ended with status 3, and said: one | two`),
    );
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });

  test('tells of one that is not there, and of one that a signal killed', () => {
    expect(() => runUserHooks(config('/nonexistent'))).toThrow(
      'hook "/nonexistent" cannot be run: no such file or directory',
    );
    expect(() => runUserHooks(config(script('killed', 'kill -9 $$')))).toThrow('was killed by SIGKILL');
  });

  test('repeats no more of a long output than its end', () => {
    const long = script('long', 'seq 3000; exit 1');
    expect(() => runUserHooks(config(long))).toThrow(
      /^hook "[^"]+" ended with status 1, and said: .{100,4200}\| 3000$/,
    );
  });
});

test('runRootHooks() says so where there are none', () => {
  expect(runRootHooks(config('/nonexistent'))).toBe('there are none');
});
