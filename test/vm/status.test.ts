/** What `--status`, `--logs`, `-v` and `--stop` tell about a machine that runs. */
import { expect } from '@jest/globals';
import { coldTest, onlyOnce, processes, runMuvm, TEST_DRIVER, useWarmVm } from '../framework/index.ts';

const vm = useWarmVm(['--mem', '512']);

interface Facts {
  readonly name: string;
  readonly state: string;
  readonly driver: string;
  readonly acceleration: string;
  readonly kernelRelease: string;
  readonly memoryMib: number;
  readonly supervisorPid: number;
  readonly vmmPid: number;
  readonly helperPids: Readonly<Record<string, number>>;
  readonly commands: { readonly attached: number; readonly detached: number; readonly started: number };
  readonly phases: readonly { readonly phase: string; readonly atMs: number }[];
  readonly bootSteps: readonly { readonly name: string; readonly durationMs: number }[];
}

async function facts(): Promise<Facts> {
  const list = JSON.parse((await vm.run(['--status', '--json'])).stdout) as Facts[];
  expect(list).toHaveLength(1);
  return list[0] as Facts;
}

vm.test('--status --json tells the facts', async () => {
  const { phases, bootSteps, ...rest } = await facts();
  expect(rest).toMatchObject({ name: 'default', state: 'running', driver: TEST_DRIVER, memoryMib: 512 });
  expect(rest.acceleration).toMatch(/^(kvm|tcg)$/);
  expect(rest.kernelRelease).toMatch(/^\d+\.\d+/);
  const names = processes();
  for (const [pid, name] of [
    [rest.supervisorPid, 'muvm-supervisor'],
    [rest.vmmPid, TEST_DRIVER === 'qemu' ? 'qemu-system' : 'muvm-vmm'],
    ...Object.entries(rest.helperPids).map(([name, pid]) => [pid, name]),
  ]) {
    expect(names.find((process) => process.pid === pid)?.commandLine).toContain(name);
  }
  expect(phases.map(({ phase }) => phase)).toEqual(['supervisor', 'virtual machine', 'init', 'agent', 'ready']);
  expect(phases.map(({ atMs }) => atMs)).toEqual(phases.map(({ atMs }) => atMs).sort((a, b) => a - b));
  expect(bootSteps.length).toBeGreaterThan(3);
});

vm.test('--status --json counts the commands', async () => {
  const before = (await facts()).commands;
  const client = vm.start(['--', 'sh', '-c', 'echo up; sleep 30']);
  await client.untilOutput('up');
  expect((await facts()).commands).toEqual({ ...before, attached: before.attached + 1, started: before.started + 1 });
  client.kill('SIGKILL');
});

vm.test(
  '--status is for people',
  async () => {
    const { stdout, stderr, status } = await vm.run(['--status']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toContain('default');
  },
  { skip: onlyOnce() },
);

vm.test(
  '--logs shows the log of the supervisor and the console',
  async () => {
    const { stdout, status } = await vm.run(['--logs']);
    expect(status).toBe(0);
    expect(stdout).toContain('muvm: ready');
  },
  { skip: onlyOnce() },
);

vm.test(
  '-v tells timings on stderr alone',
  async () => {
    const { stdout, stderr } = await vm.run(['-v', '--', 'echo', 'x']);
    expect(stdout).toBe('x\n');
    expect(stderr).toMatch(/\d ?m?s/);
  },
  { skip: onlyOnce() },
);

coldTest(
  'two names are two machines',
  async (sandbox) => {
    const kernel = ['--', 'cat', '/proc/sys/kernel/random/boot_id'];
    const named = (name: string) =>
      runMuvm(sandbox, ['--name', name, '--linger', '60', ...kernel], { timeoutMs: 90_000 });
    const [one, two] = [await named('one'), await named('two')];
    expect(one.stdout).not.toBe(two.stdout);
    const status = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as Facts[];
    expect(status.map(({ name }) => name)).toEqual(['one', 'two']);
    for (const name of ['one', 'two']) expect((await runMuvm(sandbox, ['--stop', '--name', name])).status).toBe(0);
  },
  { skip: onlyOnce() },
);
