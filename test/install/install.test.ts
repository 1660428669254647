/** What `make install` puts where, that it works there, and that `make uninstall` leaves nothing of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { createSandbox, needsBuild, REPOSITORY, type Sandbox, testUnless } from '../framework/index.ts';
import { filesOf, type InstalledTree, installInto, uninstallFrom } from './installed-tree.ts';

let sandbox: Sandbox;
let tree: InstalledTree;
beforeAll(() => {
  sandbox = createSandbox();
  tree = installInto(sandbox);
});
afterAll(() => sandbox[Symbol.dispose]());

const PROGRAMS = ['muvm', 'muvm-supervisor', 'muvm-vmm', 'muvm-guest'];

testUnless(needsBuild(), 'every file is installed', async () => {
  const files = filesOf(tree.root);
  expect(files).toEqual(
    expect.arrayContaining([
      'bin/muvm',
      ...PROGRAMS.flatMap((name) => [`lib/muvm/${name}.cjs`, `lib/muvm/${name}.cjs.cache`]),
      ...['koffi.node', 'launch.cjs', 'LICENCES.txt', 'LICENSE', 'start.cjs'].map((name) => `lib/muvm/${name}`),
      'share/bash-completion/completions/muvm',
      'share/doc/muvm/CHANGELOG.md',
      'share/doc/muvm/README.md',
      'share/doc/muvm/docs/decisions/0001-control-socket.md',
      'share/doc/muvm/docs/README.md',
      'share/doc/muvm/docs/features/sockets.md',
      'share/doc/muvm/docs/install.md',
      'share/doc/muvm/docs/settings.md',
      'share/fish/vendor_completions.d/muvm.fish',
      'share/man/man1/muvm.1',
      'share/zsh/site-functions/_muvm',
    ]),
  );
});

testUnless(needsBuild(), 'the installed muvm runs, whatever the directory', async () => {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  expect(execFileSync(tree.muvm, ['--version'], { cwd: '/', encoding: 'utf8' })).toBe(`muvm ${version}\n`);
});

testUnless(needsBuild(), 'the completions are those that the installed muvm prints', async () => {
  for (const [shell, file] of [
    ['bash', 'bash-completion/completions/muvm'],
    ['zsh', 'zsh/site-functions/_muvm'],
    ['fish', 'fish/vendor_completions.d/muvm.fish'],
  ] as const) {
    const printed = execFileSync(tree.muvm, ['--completion', shell], { encoding: 'utf8' });
    expect(readFileSync(join(tree.share, file), 'utf8')).toBe(printed);
  }
});

testUnless(needsBuild(), 'a PREFIX that is no absolute path is refused', async () => {
  for (const name of ['install.sh', 'uninstall.sh']) {
    const { status, stderr } = spawnSync(join(REPOSITORY, 'scripts', name), ['opt'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('"opt"') });
  }
});

testUnless(needsBuild(), 'uninstalled, no file is left', async () => {
  uninstallFrom(sandbox);
  expect(filesOf(tree.root)).toEqual([]);
  expect(existsSync(join(tree.root, 'lib/muvm'))).toBe(false);
});
