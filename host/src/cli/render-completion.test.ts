import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { COMPLETION_SHELLS, SETTING_ROWS } from '../config/index.ts';
import { renderCompletion } from './render-completion.ts';

/** What bash offers for the last of the words. */
function completeInBash(...words: string[]): string[] {
  const script = `${renderCompletion('bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _muvm; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', script, 'bash', 'muvm', ...words], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('renderCompletion()', () => {
  test.each(COMPLETION_SHELLS)('names every option for %s', (shell) => {
    const script = renderCompletion(shell);
    for (const [, row] of SETTING_ROWS) expect(script).toContain(row.flag.slice(shell === 'fish' ? 2 : 0));
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

  test('offers programs for the command', () => {
    expect(completeInBash('-i', 'tru')).toContain('true');
  });
});
