/** The man page, as the programs that show it see it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { SETTING_ROWS } from '../../host/src/config/index.ts';
import { createSandbox, needsBuild, programsMissing, type Sandbox, testUnless } from '../framework/index.ts';
import { type InstalledTree, installInto } from './installed-tree.ts';

let sandbox: Sandbox;
let tree: InstalledTree;
beforeAll(() => {
  sandbox = createSandbox();
  tree = installInto(sandbox);
});
afterAll(() => sandbox[Symbol.dispose]());

function run(program: string, ...args: string[]): { stdout: string; stderr: string } {
  const env = { ...sandbox.env, MANWIDTH: '80', LC_ALL: 'C.UTF-8', MANPATH: join(tree.share, 'man') };
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  return { stdout, stderr };
}

/** Without the marks of bold and underlined letters. */
const bare = (page: string) => page.replaceAll(/.\x08/g, '');

testUnless(needsBuild() ?? programsMissing('mandoc'), 'mandoc finds nothing to say against it', async () => {
  expect(run('mandoc', '-T', 'lint', '-W', 'style', join(tree.share, 'man/man1/muvm.1'))).toEqual({
    stdout: '',
    stderr: '',
  });
});

testUnless(
  needsBuild() ?? programsMissing('man'),
  '`man muvm` finds it, with every option, in 80 columns',
  async () => {
    const { stdout, stderr } = run('man', '--warnings', 'muvm');
    const lines = bare(stdout).split('\n');
    expect(stderr).toBe('');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    for (const [, row] of SETTING_ROWS) {
      const option = [row.short, row.flag].filter((name) => name !== undefined).join(', ');
      expect(lines.filter((line) => line.startsWith(`       ${option}`))).not.toEqual([]);
    }
  },
);

testUnless(needsBuild() ?? programsMissing('man'), 'it has the minus signs that people type', async () => {
  expect(bare(run('man', 'muvm').stdout)).toContain('muvm --mem 4096 --linger 60 -- make');
});
