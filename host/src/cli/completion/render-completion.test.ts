import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMPLETION_SHELLS, SETTING_ROWS } from '../../config/index.ts';
import { renderCompletion } from './render-completion.ts';
import { letterOf } from './rows.ts';

let runtime: string;
beforeAll(() => {
  runtime = mkdtempSync(join(tmpdir(), 'muvm-c-'));
});
afterAll(() => rmSync(runtime, { recursive: true }));

// The test of what is installed asks real shells, at a prompt. This one has bash call the function itself.
const SCRIPT = `${renderCompletion('bash')}
COMP_LINE="\${*}" COMP_POINT=\${#COMP_LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_muvm
printf '%s\\n' "\${COMPREPLY[@]}"`;

/** What bash without bash-completion offers for the last of the words. */
function completeInBash(...words: string[]): string[] {
  const env = { ...process.env, XDG_RUNTIME_DIR: runtime };
  const { stdout } = spawnSync('bash', ['-c', SCRIPT, 'bash', 'muvm', ...words], {
    encoding: 'utf8',
    env,
    cwd: runtime,
  });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('renderCompletion()', () => {
  test.each(COMPLETION_SHELLS)('names every option for %s', (shell) => {
    const script = renderCompletion(shell);
    for (const [, row] of SETTING_ROWS) expect(script).toContain(row.flag.slice(shell === 'fish' ? 2 : 0));
  });

  test('gives no letter to two options', () => {
    const letters = SETTING_ROWS.map(([, row]) => letterOf(row)).filter((letter) => letter !== undefined);
    expect(letters.length).toBeGreaterThan(5);
    expect(new Set(letters).size).toBe(letters.length);
  });

  test('is a script that bash takes', () => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: renderCompletion('bash'), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('offers options, then the values of an option', () => {
    expect(completeInBash('--st')).toEqual(['--status', '--stop']);
    expect(completeInBash('--vmm', 'q')).toEqual(['qemu']);
    expect(completeInBash('-i', '-p', '')).toEqual(['3334', '3335']);
  });

  test('finds the value in a cluster of letters, or behind one', () => {
    expect(completeInBash('-tip', '')).toEqual(['3334', '3335']);
    expect(completeInBash('-tip33')).toEqual(['-tip3334', '-tip3335']);
    expect(completeInBash('-tp', '3334', '--vmm', 'l')).toEqual(['libkrun']);
  });

  test('offers the machines that have a run directory, and runs nothing that poses as one', () => {
    expect(completeInBash('--name', '')).toEqual([]);
    for (const name of ['web', 'a.b-c', '$(>ran)', '`id`', '-x', 'a b'])
      mkdirSync(join(runtime, 'muvm', name), { recursive: true });
    expect(completeInBash('--name', '')).toEqual(['a.b-c', 'web']);
    expect(existsSync(join(runtime, 'ran'))).toBe(false);
  });

  test('offers programs for the command', () => {
    expect(completeInBash('-i', 'tru')).toContain('true');
    expect(completeInBash('--', 'tru')).toContain('true');
    expect(completeInBash('-e', 'tru', 'tru')).toContain('true');
  });

  test('offers no program where there is to be no command, and no option behind the command', () => {
    expect(completeInBash('--stop', 'tru')).toEqual([]);
    expect(completeInBash('-h', 'tru')).toEqual([]);
    expect(completeInBash('true', '--st')).toEqual([]);
    expect(completeInBash('--', '--st')).toEqual([]);
  });
});
