/**
 * What the caller of muvm has open or in its environment reaches neither the processes of the machine nor the guest,
 * beyond what is meant (docs/internals.md).
 */
import { spawn } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { VMM_VARIABLES } from '../../host/src/driver/libkrun/index.ts';
import { reachesSupervisor } from '../../host/src/vm/index.ts';
import { coldTest, muvmCommand, runMuvm, type Sandbox, TEST_DRIVER } from '../framework/index.ts';

const COLD_MS = 120_000;
const SECRET = 'A_SECRET_OF_THE_CALLER';

interface Facts {
  readonly supervisorPid: number;
  readonly vmmPid: number;
  readonly helperPids: Readonly<Record<string, number>>;
}

const variableNames = (environ: string) =>
  environ
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.split('=', 1)[0] as string);

const environmentOf = (pid: number) => variableNames(readFileSync(`/proc/${pid}/environ`, 'utf8'));

function isOpen(pid: number): boolean {
  try {
    accessSync(`/proc/${pid}/environ`, constants.R_OK);
    readdirSync(`/proc/${pid}/fd`);
    return true;
  } catch {
    return false;
  }
}

function openPaths(pid: number): string[] {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory).flatMap((fd) => {
    try {
      return [readlinkSync(join(directory, fd))];
    } catch {
      // It was closed meanwhile.
      return [];
    }
  });
}

/** Starts a machine by a client that has a file open and a variable set which are nobody's business. */
async function startWithSecrets(sandbox: Sandbox, file: string): Promise<Facts> {
  writeFileSync(file, SECRET);
  const inherited = openSync(file, 'r');
  const [program, ...words] = muvmCommand(['--linger', '60', '--', 'true']) as [string, ...string[]];
  const client = spawn(program, words, {
    env: { ...sandbox.env, [SECRET]: SECRET },
    stdio: ['ignore', 'ignore', 'ignore', inherited, inherited, inherited],
  });
  closeSync(inherited);
  expect(await new Promise((resolve) => client.once('exit', resolve))).toBe(0);
  const [facts] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as [Facts];
  return facts;
}

coldTest(
  'no descriptor and no variable of the caller reaches the machine',
  async (sandbox) => {
    const file = join(sandbox.files, 'secret');
    const { supervisorPid, vmmPid, helperPids } = await startWithSecrets(sandbox, file);

    expect(environmentOf(supervisorPid).filter((name) => !reachesSupervisor(name))).toEqual([]);
    const allowed = TEST_DRIVER === 'libkrun' ? VMM_VARIABLES : ['PATH'];
    expect(environmentOf(vmmPid).filter((name) => !allowed.includes(name))).toEqual([]);
    // passt shuts itself off from all other processes of its user.
    const helpers = Object.values(helperPids).filter(isOpen);
    for (const pid of [supervisorPid, vmmPid, ...helpers]) {
      expect(environmentOf(pid)).not.toContain(SECRET);
      expect(openPaths(pid)).not.toContain(file);
    }

    const guest = await runMuvm(
      sandbox,
      ['--privileged', '--', 'sh', '-c', 'cat /proc/[0-9]*/environ 2>/dev/null; ls /proc/$$/fd'],
      {
        env: { [SECRET]: SECRET },
      },
    );
    expect(guest).toMatchObject({ status: 0, errors: '' });
    expect(guest.stdout).not.toContain(SECRET);
    expect(guest.stdout.split('\0').at(-1)?.trim().split(/\s+/)).toEqual(['0', '1', '2']);
    await runMuvm(sandbox, ['--stop']);
  },
  { timeoutMs: COLD_MS },
);
