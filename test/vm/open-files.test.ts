/** Files that the guest has looked at cost the host a descriptor each; they are given back before there is none left. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { coldTest, runMuvm, type Sandbox, TEST_DRIVER } from '../framework/index.ts';

// As few as a machine can boot with, so that few files exhaust them.
const LIMIT = TEST_DRIVER === 'qemu' ? 3000 : 1000;
const FILES = 3 * LIMIT;
const DIRECTORIES = 30;
const TIMEOUT_MS = 240_000;

/** @returns the directory of a tree of so many files */
function makeTree({ files }: Sandbox): string {
  const tree = join(files, 'tree');
  for (let directory = 0; directory < DIRECTORIES; directory += 1) {
    const path = join(tree, `${directory}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < FILES / DIRECTORIES; file += 1) writeFileSync(join(path, `${file}`), '');
  }
  return tree;
}

coldTest(
  'a walk over more files than the host may have open finds them all, and the machine works on',
  async (sandbox) => {
    const tree = makeTree(sandbox);
    const start = await runMuvm(sandbox, ['--linger', '600', '--', 'true'], {
      openFilesMax: LIMIT,
      timeoutMs: TIMEOUT_MS,
    });
    expect(start).toMatchObject({ status: 0, errors: '' });
    // "-empty" makes it look at each file, not only at the directories.
    const walk = await runMuvm(sandbox, ['--', 'sh', '-c', `find '${tree}' -type f -empty | wc -l`], {
      timeoutMs: TIMEOUT_MS,
    });
    expect(walk).toMatchObject({ status: 0, errors: '', stdout: `${FILES}\n` });
    expect((await runMuvm(sandbox, ['--', 'cat', '/etc/hostname'])).status).toBe(0);
    expect((await runMuvm(sandbox, ['--logs'])).stdout).toContain(`of at most ${LIMIT}, `);
    await runMuvm(sandbox, ['--stop']);
  },
  { timeoutMs: 2 * TIMEOUT_MS },
);
