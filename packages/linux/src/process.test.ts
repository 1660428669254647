import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { needsRoot } from '../../../test/framework/requirements.ts';
import { testUnless } from '../../../test/framework/skip.ts';
import { type Credentials, runAs } from './credentials.ts';
import { createPipe } from './descriptor.ts';
import { hasInput, waitingBytes } from './readiness.ts';
import { raiseOpenFilesLimit } from './rlimit.ts';
import { type SpawnRequest, spawnProcess } from './spawn.ts';
import { openTerminal, setTerminalSize } from './terminal.ts';
import { collectChild, decodeWaitStatus, type ProcessEnd } from './wait.ts';

const env = { PATH: '/usr/bin:/bin' };

async function endOf(pid: number): Promise<ProcessEnd> {
  for (;;) {
    const end = collectChild(pid);
    if (end !== undefined) return end;
    await sleep(5);
  }
}

/** Runs a program to its end, with its output in a pipe. */
async function run(
  request: Partial<SpawnRequest>,
  credentials?: Credentials,
): Promise<{ output: string; end: ProcessEnd }> {
  const start = () => {
    const nothing = openSync('/dev/null', 'r');
    const pipe = createPipe();
    const stdio = [nothing, pipe.writeEnd, pipe.writeEnd] as const;
    const pid = spawnProcess({ path: '/bin/sh', argv: ['sh'], env, workdir: '/', stdio, ...request });
    closeSync(nothing);
    closeSync(pipe.writeEnd);
    return { pid, readEnd: pipe.readEnd };
  };
  const { pid, readEnd } = credentials === undefined ? start() : runAs(credentials, start);
  const end = await endOf(pid);
  const output = Buffer.alloc(65_536);
  const length = readSync(readEnd, output);
  closeSync(readEnd);
  return { output: output.toString('utf8', 0, length), end };
}

const script = (text: string) => ({ argv: ['sh', '-c', text] });

describe('spawnProcess()', () => {
  test('starts a program with its arguments, environment and directory', async () => {
    const { output, end } = await run({
      ...script('pwd; echo "$A" "$0"; exit 3'),
      env: { ...env, A: 'ä b' },
      workdir: '/usr',
    });
    expect(output).toBe('/usr\nä b sh\n');
    expect(end).toEqual({ code: 3 });
  });

  test('passes as many arguments as Linux takes', async () => {
    const argv = ['sh', '-c', 'echo $#', ...Array<string>(15).fill('x'.repeat(100_000))];
    expect((await run({ argv })).output).toBe('14\n');
  });

  test('throws what the kernel says, and leaves no child', () => {
    const stdio = [0, 1, 2] as const;
    const request = { argv: ['x'], env, workdir: '/', stdio };
    expect(() => spawnProcess({ ...request, path: '/nonexistent' })).toThrow(/^ENOENT: .*\/nonexistent/);
    expect(() => spawnProcess({ ...request, path: '/etc/passwd' })).toThrow(/^EACCES: /);
    expect(() => spawnProcess({ ...request, path: '/bin/true', workdir: '/nonexistent' })).toThrow(/^ENOENT: /);
  });

  test('makes a terminal the controlling one', async () => {
    const terminal = openTerminal();
    setTerminalSize(terminal.slave, 33, 101);
    const pid = spawnProcess({ path: '/bin/sh', ...script('stty size; tty'), env, workdir: '/', stdio: terminal.path });
    expect(await endOf(pid)).toEqual({ code: 0 });
    expect(hasInput(terminal.master)).toBe(true);
    const output = Buffer.alloc(1000);
    expect(output.toString('utf8', 0, readSync(terminal.master, output))).toBe(`33 101\r\n${terminal.path}\r\n`);
    expect(hasInput(terminal.master)).toBe(false);
    closeSync(terminal.slave);
    closeSync(terminal.master);
  });
});

describe('collectChild()', () => {
  test('tells the signal that ended a process', async () => {
    expect((await run(script('kill -TERM $$'))).end).toEqual({ signal: 15 });
  });

  test('throws for what is no child', () => {
    expect(() => collectChild(1)).toThrow(/waitpid$/);
  });
});

test('decodeWaitStatus() tells codes from signals, with and without a core', () => {
  expect([0x0000, 0x0300, 0xff00, 0x0009, 0x008b].map(decodeWaitStatus)).toEqual([
    { code: 0 },
    { code: 3 },
    { code: 255 },
    { signal: 9 },
    { signal: 11 },
  ]);
});

describe('runAs()', () => {
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, groups: [] };
  const other = { uid: 65_534, gid: 65_533, groups: [100, 101] };
  const status = () => /Uid:.*\nGid:.*\n/.exec(readFileSync('/proc/thread-self/status', 'latin1'))?.[0];

  test('changes nothing for the user that runs already', () => {
    expect(runAs(own, status)).toBe(status());
  });

  testUnless(needsRoot(), 'gives files, pipes and processes to someone else', async () => {
    const before = status();
    const { output } = await run(
      script('id -u; id -g; id -G; echo written > /dev/stdout; grep CapEff /proc/self/status'),
      other,
    );
    expect(output).toBe('65534\n65533\n65533 100 101\nwritten\nCapEff:\t0000000000000000\n');
    expect(status()).toBe(before);
  });

  testUnless(needsRoot(), 'leaves a process no way back to root', async () => {
    expect((await run(script('grep -E "^(Uid|Gid)" /proc/self/status'), other)).output).toBe(
      'Uid:\t65534\t65534\t65534\t65534\nGid:\t65533\t65533\t65533\t65533\n',
    );
  });

  testUnless(needsRoot(), 'comes back after an error', () => {
    const before = status();
    const fail = () => {
      throw new Error('inside');
    };
    expect(() => runAs(other, fail)).toThrow('inside');
    expect(status()).toBe(before);
    expect(process.getgroups?.()).toBeDefined();
  });
});

test('waitingBytes() counts what a pipe holds', async () => {
  const pipe = createPipe();
  expect([waitingBytes(pipe.readEnd), hasInput(pipe.readEnd)]).toEqual([0, false]);
  const request = { path: '/bin/sh', ...script('printf 12345'), env, workdir: '/' };
  const pid = spawnProcess({ ...request, stdio: [pipe.readEnd, pipe.writeEnd, pipe.writeEnd] });
  await endOf(pid);
  expect([waitingBytes(pipe.readEnd), hasInput(pipe.readEnd)]).toEqual([5, true]);
  closeSync(pipe.readEnd);
  closeSync(pipe.writeEnd);
});

test('raiseOpenFilesLimit() never lowers the limit', () => {
  const limits = () => /Max open files +(\d+) +(\d+)/.exec(readFileSync('/proc/self/limits', 'latin1'));
  const hard = Number(limits()?.[2]);
  expect(raiseOpenFilesLimit(1)).toBe(hard);
  expect(limits()?.slice(1)).toEqual([String(hard), String(hard)]);
});
