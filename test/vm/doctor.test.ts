/** What `muvm --doctor` says about the machine that the suite runs on is true: `--vmm auto` takes what it says. */

import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import {
  bootSkipReason,
  coldTest,
  createSandbox,
  onlyOnce,
  REPOSITORY,
  runMuvm,
  type Sandbox,
  TEST_DRIVER,
  testUnless,
} from '../framework/index.ts';

const COLD_MS = 120_000;

interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
  readonly hint: string | null;
}

async function findings(sandbox: Sandbox, ...args: readonly string[]): Promise<Record<string, Finding>> {
  const { stdout, stderr } = await runMuvm(sandbox, ['--doctor', '--json', ...args], { allowRoot: false });
  expect(stderr).toBe('');
  return Object.fromEntries((JSON.parse(stdout) as Finding[]).map((finding) => [finding.name, finding]));
}

describe('muvm --doctor', () => {
  coldTest(
    'names the driver that --vmm auto takes, and ends with 0',
    async (sandbox) => {
      const { stdout, status } = await runMuvm(sandbox, ['--doctor'], { allowRoot: false });
      const named = /"--vmm auto" takes (libkrun|QEMU)/.exec(stdout)?.[1]?.toLowerCase();
      await runMuvm(sandbox, ['--vmm', 'auto', '--linger', '60', '--', 'true'], { timeoutMs: COLD_MS });
      const [facts] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout);
      expect({ status, named }).toEqual({ status: 0, named: facts.driver });
      await runMuvm(sandbox, ['--stop']);
    },
    { skip: onlyOnce() },
  );

  testUnless(bootSkipReason(), 'finds what the driver that is tested needs', async () => {
    using sandbox = createSandbox();
    const found = await findings(sandbox);
    const needed = TEST_DRIVER === 'libkrun' ? ['kvm', 'libkrun', 'libkrunfw'] : ['qemu', 'virtiofsd', 'kernel'];
    expect(needed.filter((name) => found[name]?.state === 'problem')).toEqual([]);
    expect(found['run-directory']?.state).toBe('ok');
    expect(found['memory']?.state).toBe('ok');
  });

  testUnless(bootSkipReason(), 'tells of a libkrun that is not there, and what is left then', async () => {
    using sandbox = createSandbox();
    const found = await findings(sandbox, '--libkrun', '/nonexistent.so');
    expect(found['libkrun']).toMatchObject({
      state: 'problem',
      text: 'Cannot read the library "/nonexistent.so": no such file or directory',
      hint: expect.stringContaining('Install libkrun'),
    });
  });

  testUnless(bootSkipReason(), 'tells of a muvm that was brought here without libraries', () => {
    using sandbox = createSandbox();
    const directory = join(sandbox.files, 'dist');
    cpSync(join(REPOSITORY, 'dist'), directory, { recursive: true });
    const words = [join(directory, 'start.cjs'), join(directory, 'muvm.cjs'), '--doctor', '--json'];
    const { stdout } = spawnSync(process.execPath, words, { env: sandbox.env });
    const found = (JSON.parse(String(stdout)) as Finding[]).find(({ name }) => name === 'libkrun');
    // Either the system has one, which then is named, or there is none.
    expect(found?.text).toMatch(/^Cannot find "libkrun\.so\.1"|^"\/usr\/\S+libkrun\.so\.1\S*" loads/);
  });
});
