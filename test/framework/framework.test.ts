import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createSandbox, expectNothingLeft, leftovers, openTerminal, programsMissing, testUnless } from './index.ts';

test('leftovers() names a file and a process of the sandbox, and disposal removes both', async () => {
  let directory = '';
  {
    using sandbox = createSandbox();
    directory = sandbox.directory;
    expect(leftovers(sandbox)).toEqual([]);
    mkdirSync(sandbox.runRoot);
    writeFileSync(join(sandbox.runRoot, 'lock'), '');
    spawn('sleep', ['60'], { env: sandbox.env, stdio: 'ignore' });
    expect(leftovers(sandbox)).toEqual([
      expect.stringMatching(/^process \d+: sleep 60$/),
      expect.stringMatching(/lock$/),
    ]);
    await expect(expectNothingLeft(sandbox, 10)).rejects.toThrow('sleep 60');
  }
  expect(existsSync(directory)).toBe(false);
});

testUnless(programsMissing('tmux'), 'openTerminal() types, reads and resizes', async () => {
  using sandbox = createSandbox();
  await using terminal = await openTerminal(sandbox, { columns: 70, rows: 20 });
  await terminal.type('stty size');
  await terminal.untilScreen(/^20 70$/m);
  await terminal.resize(90, 30);
  await terminal.type('stty size');
  await terminal.untilScreen(/^30 90$/m);
});
