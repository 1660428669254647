/** The boot of the guest: what each step tells, what is missing on the host, and what keeps a machine from coming up. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { coldTest, onlyOnce, REPOSITORY, runMuvm, type Sandbox, TEST_DRIVER } from '../framework/index.ts';

const COLD_MS = 120_000;
const STEP = /^muvm: {11}· ([a-z ]+) [\d.]+ ms(?:, (skipped|failed): (.+))?$/;

/** The boot steps that `-v` shows: name, and how it went where it was not done. */
function stepsIn(stderr: string): Map<string, string> {
  const steps = stderr.split('\n').flatMap((line) => {
    const [, name, how = 'done', reason = ''] = STEP.exec(line) ?? [];
    return name === undefined ? [] : [[name, `${how} ${reason}`.trim()] as const];
  });
  return new Map(steps);
}

/** A PATH with what the driver needs, and nothing else. */
function barePath({ files }: Sandbox): string {
  const directory = join(files, 'bin');
  mkdirSync(directory);
  const needed = TEST_DRIVER === 'qemu' ? [`qemu-system-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`] : [];
  for (const name of needed) symlinkSync(join('/usr/bin', name), join(directory, name));
  return directory;
}

coldTest(
  'starts on a host without udev, passt and sound, and -v and --doctor say what is missing',
  async (sandbox) => {
    // The udevd of this host is found wherever PATH leads; one that does not exist takes its place.
    const env = { PATH: barePath(sandbox), MUVM_UDEVD_PATH: '/nonexistent/udevd', PULSE_SERVER: '' };
    const words = ['-v', '--', '/bin/sh', '-c', 'test -e /run/udev || echo no udev; echo up'];
    const { stdout, stderr, status } = await runMuvm(sandbox, words, { env, timeoutMs: COLD_MS });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'no udev\nup\n' });
    const steps = stepsIn(stderr);
    expect([...steps.keys()].slice(0, 3)).toEqual(['rlimits', 'mounts', 'dev']);
    expect(steps.get('mounts')).toBe('done');
    expect(steps.get('user hooks')).toBe('skipped there are none');
    expect(steps.get('udev')).toMatch(
      /^failed Cannot run "\/nonexistent\/udevd": no such file or directory\. Name another/,
    );
    expect(stderr).toMatch(/^muvm: note: Boot step "udev" of the guest failed: Cannot run "\/nonexistent\/udevd"/m);
    const doctor = await runMuvm(sandbox, ['--doctor'], { env, allowRoot: false });
    expect(doctor.stdout).toMatch(/^problem +udev /m);
    expect(doctor.stdout).toMatch(/^note +passt /m);
    expect(doctor.stdout).toMatch(/^note +pulse /m);
  },
  { timeoutMs: COLD_MS, skip: onlyOnce() },
);

coldTest(
  'tells of an optional step that failed without being asked, but not with -q',
  async (sandbox) => {
    const env = { MUVM_UDEVD_PATH: join(REPOSITORY, 'README.md') };
    const { stderr } = await runMuvm(sandbox, ['--linger', '60', '--', 'true'], { env, timeoutMs: COLD_MS });
    expect(stderr).toMatch(/^muvm: note: Boot step "udev" [^\n]*README\.md": permission denied\. Name another[^\n]*$/m);
    const joined = await runMuvm(sandbox, ['--', 'true'], { env });
    expect(joined.stderr).toBe('');
    await runMuvm(sandbox, ['--stop']);
    const quiet = await runMuvm(sandbox, ['-q', '--', 'true'], { env, timeoutMs: COLD_MS });
    expect(quiet.stderr).toBe('');
  },
  { timeoutMs: 2 * COLD_MS, skip: onlyOnce() },
);

coldTest(
  'a needed step that fails ends the start with its name and reason, and the machine with it',
  async (sandbox) => {
    const words = ['--linger', '60', '-x', '/nonexistent/hook', '--', 'true'];
    const { errors, status } = await runMuvm(sandbox, words, { timeoutMs: COLD_MS });
    expect(status).toBe(125);
    expect(errors).toMatch(
      /^muvm: Cannot run commands as the boot step "root hooks" failed: [^\n]*"\/nonexistent\/hook"[^\n]*\n$/,
    );
    expect((await runMuvm(sandbox, ['--logs'])).stdout).toContain('boot step "root hooks" failed');
  },
  { timeoutMs: COLD_MS, skip: onlyOnce() },
);
