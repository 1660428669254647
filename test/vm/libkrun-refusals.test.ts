/** What is in the way of the libkrun driver: one line each that says what it is and what to do, status 125, and nothing left. */
import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import {
  coldTest,
  type MuvmOptions,
  needsLibrary,
  needsUser,
  npmLibkrun,
  onlyDriver,
  onlyOnce,
  runMuvm,
  type Sandbox,
} from '../framework/index.ts';

const COLD_MS = 120_000;
const ONE_LINE = /^muvm: [^\n]+\n$/;

/** A copy of the libkrun that npm brings, to be spoilt. */
function copyOfLibkrun(sandbox: Sandbox): string {
  const path = join(sandbox.files, 'libkrun.so.1');
  copyFileSync(npmLibkrun as string, path);
  return path;
}

async function refusal(sandbox: Sandbox, args: readonly string[], options: MuvmOptions = {}): Promise<string> {
  const words = ['--vmm', 'libkrun', ...args, '--', 'true'];
  const { status, stdout, errors } = await runMuvm(sandbox, words, { timeoutMs: COLD_MS, ...options });
  expect({ status, stdout }).toEqual({ status: 125, stdout: '' });
  expect(errors).toMatch(ONE_LINE);
  return errors;
}

describe('libkrun is refused', () => {
  coldTest(
    'where there is no such file',
    async (sandbox) => {
      expect(await refusal(sandbox, ['--libkrun', '/nonexistent.so'])).toMatch(
        /"\/nonexistent\.so": no such file or directory\. Install libkrun/,
      );
    },
    { skip: onlyOnce() },
  );

  coldTest(
    'where it is for another machine',
    async (sandbox) => {
      const path = join(sandbox.files, 'libkrun.so.1');
      const [wrong, name] = process.arch === 'x64' ? [183, 'arm64'] : [62, 'x64'];
      // Elf64_Ehdr: magic, 64 bits, little-endian, version; 16 u16 type (3: shared) · 18 u16 machine
      const header = Buffer.alloc(4096);
      header.write('\x7fELF\x02\x01\x01', 'latin1');
      header.writeUInt16LE(3, 16);
      header.writeUInt16LE(wrong, 18);
      writeFileSync(path, header);
      expect(await refusal(sandbox, ['--libkrun', path])).toContain(
        `it is for ${name}, and this machine is ${process.arch}`,
      );
    },
    { skip: onlyOnce() },
  );

  coldTest(
    'where the file is cut off',
    async (sandbox) => {
      const path = copyOfLibkrun(sandbox);
      truncateSync(path, 1_000_000);
      expect(await refusal(sandbox, ['--libkrun', path])).toContain('the file is cut off');
    },
    { skip: needsLibrary(npmLibkrun) ?? onlyOnce() },
  );

  coldTest(
    'where it is something else',
    async (sandbox) => {
      const libc = process.report?.getReport() as { sharedObjects: string[] };
      const path = libc.sharedObjects.find((name) => /libc\.so/.test(name)) as string;
      expect(await refusal(sandbox, ['--libkrun', path])).toContain('it is not libkrun');
    },
    { skip: onlyOnce() },
  );

  coldTest(
    'where there is no libkrunfw',
    async (sandbox) => {
      const env = { MUVM_DEBUG_LIBKRUNFW: '/nonexistent/libkrunfw.so.5' };
      expect(await refusal(sandbox, [], { env })).toMatch(/libkrunfw\.so\.5": no such file or directory/);
    },
    { skip: onlyOnce() },
  );

  coldTest(
    'where there is no KVM, with what does without',
    async (sandbox) => {
      const env = { MUVM_DEBUG_KVM_DEVICE: '/nonexistent/kvm' };
      expect(await refusal(sandbox, [], { env })).toMatch(/"\/nonexistent\/kvm" does not exist.*--vmm qemu/);
    },
    { skip: onlyOnce() },
  );

  coldTest(
    'where KVM is not for this user, with the group that it is for',
    async (sandbox) => {
      const path = join(sandbox.files, 'kvm');
      writeFileSync(path, '', { mode: 0 });
      expect(await refusal(sandbox, [], { env: { MUVM_DEBUG_KVM_DEVICE: path } })).toMatch(
        /permission denied.*group "kvm"/,
      );
    },
    // Root may open every device.
    { skip: needsUser() },
  );

  coldTest(
    'where the machine cannot be built, with its logs kept',
    async (sandbox) => {
      const line = await refusal(sandbox, ['--mem', '16777216']);
      expect(line).toMatch(/Cannot start the machine as libkrun could not build it/);
      const logs = join(sandbox.env['XDG_STATE_HOME'] as string, 'muvm', 'default');
      expect(readdirSync(logs)).toContain('supervisor.log');
      expect((await runMuvm(sandbox, ['--logs'])).stdout).toContain(logs);
    },
    { skip: onlyDriver('libkrun') },
  );
});

describe('--vmm auto', () => {
  const env = { MUVM_DEBUG_KVM_DEVICE: '/nonexistent/kvm' };
  const auto = ['--vmm', 'auto', '--linger', '60', '--', 'true'];
  const QEMU_NOTE = /^muvm: note: using QEMU instead of libkrun: "\/nonexistent\/kvm" does not exist\n/;

  coldTest(
    'takes QEMU where libkrun cannot run, and says so in one line',
    async (sandbox) => {
      const first = await runMuvm(sandbox, auto, { env, timeoutMs: COLD_MS });
      expect(first.stderr).toMatch(QEMU_NOTE);
      expect(first.status).toBe(0);
      expect((await runMuvm(sandbox, auto, { env })).stderr).toBe('');
      await runMuvm(sandbox, ['--stop']);
      const quiet = await runMuvm(sandbox, ['-q', '--vmm', 'auto', '--', 'true'], { env, timeoutMs: COLD_MS });
      expect(quiet).toMatchObject({ stderr: '', status: 0 });
    },
    { skip: onlyDriver('qemu') },
  );

  coldTest(
    'takes libkrun where it can run',
    async (sandbox) => {
      expect((await runMuvm(sandbox, auto, { timeoutMs: COLD_MS })).status).toBe(0);
      const facts = JSON.parse(readFileSync(join(sandbox.runRoot, 'default', 'vm.json'), 'utf8'));
      expect(facts).toMatchObject({ driver: 'libkrun', acceleration: 'kvm' });
      await runMuvm(sandbox, ['--stop']);
    },
    { skip: onlyDriver('libkrun') },
  );
});
