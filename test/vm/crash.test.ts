/**
 * Any process of a machine is killed while a command runs: the others end within 5 s with one line, nothing is left,
 * and the next start works (each test here is the next start of the one before it).
 */
import { afterAll, describe, expect } from '@jest/globals';
import {
  bootSkipReason,
  createSandbox,
  expectNothingLeft,
  onlyDriver,
  onlyOnce,
  patient,
  type RunningMuvm,
  runMuvm,
  type Sandbox,
  type SkipReason,
  startMuvm,
  testUnless,
} from '../framework/index.ts';

const COLD_MS = 90_000;
const END_MS = patient(5000);
const ONE_LINE = /^muvm: [^\n]+\n$/;

interface Facts {
  readonly supervisorPid: number;
  readonly vmmPid: number;
  readonly helperPids: Readonly<Record<string, number>>;
}

const shared: { sandbox?: Sandbox } = {};
const sandboxOfAll = () => {
  shared.sandbox ??= createSandbox();
  return shared.sandbox;
};
afterAll(() => shared.sandbox?.[Symbol.dispose]());

/** A machine from cold, in which a command runs. */
function crashTest(
  name: string,
  body: (client: RunningMuvm, vm: Facts, sandbox: Sandbox) => Promise<void>,
  { options = [], skip }: { readonly options?: readonly string[]; readonly skip?: SkipReason } = {},
): void {
  const run = async () => {
    const sandbox = sandboxOfAll();
    const client = startMuvm(sandbox, [...options, '--', 'sh', '-c', 'echo up; sleep 100'], { timeoutMs: COLD_MS });
    await client.untilOutput('up');
    const [vm] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as Facts[];
    await body(client, vm as Facts, sandbox);
    await expectNothingLeft(sandbox, END_MS);
  };
  testUnless(bootSkipReason() ?? skip, name, run, 2 * COLD_MS);
}

/** The client must end soon, with 125 and one line that says what ended. */
async function expectOneLine(client: RunningMuvm, pattern: RegExp): Promise<void> {
  const killedMs = performance.now();
  const { status, errors } = await client.result;
  expect(performance.now() - killedMs).toBeLessThan(END_MS);
  expect(status).toBe(125);
  expect(errors).toMatch(ONE_LINE);
  expect(errors).toMatch(pattern);
}

/** Kills a process of the guest just before it returns, so that the time of its own start does not count. */
async function killInGuest(sandbox: Sandbox, pattern: string): Promise<RunningMuvm> {
  const script = `pid=$(pgrep -f "${pattern}") && echo found && read line; kill -9 $pid`;
  const killer = startMuvm(sandbox, ['--privileged', '-i', '--', 'sh', '-c', script], { openInput: true });
  await killer.untilOutput('found');
  killer.stdin.on('error', () => {});
  killer.stdin.write('now\n');
  return killer;
}

describe('kill -9', () => {
  crashTest(
    'of the client ends its command and, as the last, the machine',
    async (client) => {
      client.kill('SIGKILL');
      expect((await client.result).status).toBe(137);
    },
    { skip: onlyOnce() },
  );

  crashTest(
    'of the supervisor',
    async (client, { supervisorPid }) => {
      process.kill(supervisorPid, 'SIGKILL');
      await expectOneLine(client, /supervisor|ended/i);
    },
    { skip: onlyOnce() },
  );

  crashTest('of the process that is the machine', async (client, { vmmPid }) => {
    process.kill(vmmPid, 'SIGKILL');
    await expectOneLine(client, /(QEMU|libkrun) was killed by SIGKILL/);
  });

  crashTest(
    'of virtiofsd',
    async (client, { helperPids }) => {
      process.kill(helperPids['virtiofsd'] as number, 'SIGKILL');
      await expectOneLine(client, /virtiofsd was killed by SIGKILL/);
    },
    { skip: onlyDriver('qemu') },
  );

  crashTest(
    "of the guest's first program",
    async (client, _, sandbox) => {
      const killer = await killInGuest(sandbox, '[d]efault/init');
      await expectOneLine(client, /First program of the guest was killed by signal 9/);
      await killer.result;
    },
    // PID 1 of a kernel takes no signals from its own; libkrun's starts ours.
    { skip: onlyDriver('libkrun') },
  );

  crashTest(
    'of the agent in the guest',
    async (client, _, sandbox) => {
      const killer = await killInGuest(sandbox, '[m]uvm-guest.cjs');
      await expectOneLine(client, /agent/i);
      expect((await killer.result).status).toBe(125);
    },
    { skip: onlyOnce() },
  );
});

crashTest(
  'a panic of the guest kernel',
  async (client, _, sandbox) => {
    const panic = ['--privileged', '--', 'sh', '-c', 'echo 2 > /proc/sys/vm/panic_on_oom; tail /dev/zero'];
    const killer = runMuvm(sandbox, panic);
    const { status, errors } = await client.result;
    expect(status).toBe(125);
    expect(errors).toMatch(ONE_LINE);
    expect(errors).toMatch(/panic/i);
    await killer;
  },
  { options: ['--mem', '256'] },
);

crashTest(
  'after all that a machine still starts and ends',
  async (client, _, sandbox) => {
    expect((await runMuvm(sandbox, ['--', 'echo', 'well'])).stdout).toBe('well\n');
    client.kill('SIGKILL');
    await client.result;
  },
  { skip: onlyOnce() },
);
