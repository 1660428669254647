/** The life of a machine: its start, however many ask for it at once, its end, and what is in the way of either. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import {
  coldTest,
  cpuSeconds,
  expectNothingLeft,
  muvmCommand,
  needsRoot,
  onlyOnce,
  runMuvm,
  type Sandbox,
  startMuvm,
  until,
} from '../framework/index.ts';

const COLD_MS = 90_000;
const ONE_LINE = /^muvm: [^\n]+\n$/;

interface Facts {
  readonly supervisorPid: number;
  readonly vmmPid: number;
}

async function facts(sandbox: Sandbox): Promise<Facts[]> {
  return JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as Facts[];
}

coldTest(
  'ten commands started together from cold run in one machine',
  async (sandbox) => {
    const bootId = ['--linger', '3', '--', 'cat', '/proc/sys/kernel/random/boot_id'];
    const clients = Array.from({ length: 10 }, () => runMuvm(sandbox, bootId, { timeoutMs: COLD_MS }));
    const results = await Promise.all(clients);
    expect(results.map(({ status, errors }) => `${status}${errors}`)).toEqual(Array(10).fill('0'));
    expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(1);
  },
  { skip: onlyOnce() },
);

coldTest(
  'without --linger the machine ends with its last command, and leaves nothing',
  async (sandbox) => {
    expect(await runMuvm(sandbox, ['--', 'true'], { timeoutMs: COLD_MS })).toMatchObject({ status: 0, errors: '' });
    await expectNothingLeft(sandbox);
  },
  { skip: onlyOnce() },
);

coldTest('a command joins the machine that lingers, and --stop ends it', async (sandbox) => {
  await runMuvm(sandbox, ['--linger', '60', '--', 'true'], { timeoutMs: COLD_MS });
  const [first] = await facts(sandbox);
  await runMuvm(sandbox, ['--', 'true']);
  expect((await facts(sandbox))[0]?.supervisorPid).toBe(first?.supervisorPid);
  expect((await runMuvm(sandbox, ['--stop'])).status).toBe(0);
  await expectNothingLeft(sandbox, 500);
});

coldTest(
  '--stop ends a command that runs, with one line',
  async (sandbox) => {
    const client = startMuvm(sandbox, ['--', 'sh', '-c', 'echo up; sleep 100'], { timeoutMs: COLD_MS });
    await client.untilOutput('up');
    expect((await runMuvm(sandbox, ['--stop'])).status).toBe(0);
    const { status, errors } = await client.result;
    expect(status).not.toBe(0);
    expect(errors).toMatch(ONE_LINE);
  },
  { skip: onlyOnce() },
);

coldTest(
  'without a terminal anywhere it prints, ends by itself and spins no core meanwhile',
  async (sandbox) => {
    await runMuvm(sandbox, ['--linger', '20', '--', 'true'], { timeoutMs: COLD_MS });
    const [vm] = await facts(sandbox);
    const file = join(sandbox.files, 'lines');
    const output = openSync(file, 'w');
    const [program, ...words] = muvmCommand(['--', 'sh', '-c', 'for i in 1 2 3 4 5; do echo $i; sleep 1; done']);
    const client = spawn('setsid', ['--wait', program as string, ...words], {
      env: sandbox.env,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    await until(() => readFileSync(file, 'utf8').includes('1'), 10_000);
    const pids = [client.pid, vm?.supervisorPid, vm?.vmmPid] as number[];
    const before = pids.map(cpuSeconds);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const used = pids.map((pid, index) => cpuSeconds(pid) - (before[index] ?? 0));
    const status = await new Promise((resolve) => client.once('close', resolve));
    expect({ status, text: readFileSync(file, 'utf8') }).toEqual({ status: 0, text: '1\n2\n3\n4\n5\n' });
    for (const seconds of used) expect(seconds).toBeLessThan(1.5);
    await runMuvm(sandbox, ['--stop']);
  },
  { skip: onlyOnce() },
);

coldTest(
  'what a dead machine left in its run directory is cleared away',
  async (sandbox) => {
    const directory = join(sandbox.runRoot, 'default');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    mkdirSync(sandbox.runRoot, { recursive: true, mode: 0o700 });
    for (const name of ['lock', 'vm.json', 'guest.sock', 'control.sock', 'qmp.sock', 'console.log']) {
      writeFileSync(join(directory, name), 'stale');
    }
    expect(JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout)).toEqual([]);
    expect(await runMuvm(sandbox, ['--', 'true'], { timeoutMs: COLD_MS })).toMatchObject({ status: 0, errors: '' });
  },
  { skip: onlyOnce() },
);

coldTest(
  'a run directory that others may enter is refused',
  async (sandbox) => {
    mkdirSync(join(sandbox.runRoot, 'default'), { recursive: true, mode: 0o755 });
    const { status, stderr } = await runMuvm(sandbox, ['--', 'true']);
    expect(status).toBe(125);
    expect(stderr).toContain('700');
    execFileSync('rm', ['-r', sandbox.runRoot]);
  },
  { skip: onlyOnce() },
);

/** Runs a body with a small file system in the place of the run directory. */
async function withSmallDisk(sandbox: Sandbox, size: string, body: () => Promise<void>): Promise<void> {
  const place = join(sandbox.directory, 'run');
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'none', place]);
  try {
    await body();
    await until(() => !existsSync(sandbox.runRoot) || readdirSync(sandbox.runRoot).length === 0, 5000);
    expect(existsSync(sandbox.runRoot) ? readdirSync(sandbox.runRoot) : []).toEqual([]);
  } finally {
    execFileSync('umount', ['-l', place]);
  }
}

coldTest(
  'a run directory on a full disk is told in one or two lines',
  async (sandbox) => {
    await withSmallDisk(sandbox, '16k', async () => {
      writeFullFile(join(sandbox.directory, 'run', 'ballast'));
      const { status, stderr } = await runMuvm(sandbox, ['--', 'true'], { timeoutMs: COLD_MS });
      expect(status).toBe(125);
      expect(stderr).toMatch(/^muvm: [^\n]*no space left[^\n]*\n/);
    });
  },
  { skip: needsRoot() },
);

coldTest(
  'a disk that fills up while the machine runs does not end it',
  async (sandbox) => {
    await withSmallDisk(sandbox, '1m', async () => {
      await runMuvm(sandbox, ['--linger', '60', '--', 'true'], { timeoutMs: COLD_MS });
      writeFullFile(join(sandbox.directory, 'run', 'ballast'));
      const shout = [
        '--privileged',
        '--',
        'sh',
        '-c',
        'head -c 20000 /dev/zero | tr "\\0" x > /dev/console; echo fine',
      ];
      expect(await runMuvm(sandbox, shout)).toMatchObject({ stdout: 'fine\n', status: 0 });
      expect((await runMuvm(sandbox, ['--stop'])).status).toBe(0);
    });
  },
  { skip: needsRoot() },
);

function writeFullFile(path: string): void {
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=1k'], { stdio: 'ignore' });
  } catch {
    // dd ends with "no space left", which is what was wanted.
  }
}
