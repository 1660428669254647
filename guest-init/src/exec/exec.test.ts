import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand, startTestServer, type TestServer } from '../testing/index.ts';

let server: TestServer;
let directory: string;

beforeAll(async () => {
  server = await startTestServer();
  directory = mkdtempSync(join(tmpdir(), 'muvm-exec-'));
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const sh = (script: string) => ['sh', '-c', script];

describe('a command with pipes', () => {
  test('keeps stdout and stderr apart and gives its exit code', async () => {
    const result = await runCommand(server.client, sh('echo out; echo err >&2; exit 7'));
    expect(String(result.stdout)).toBe('out\n');
    expect(String(result.stderr)).toBe('err\n');
    expect(result.exit).toEqual({ $case: 'code', value: 7 });
    expect(result.error).toBeUndefined();
  });

  test('gives the signal that killed it', async () => {
    const result = await runCommand(server.client, sh('kill -9 $$'));
    expect(result.exit).toEqual({ $case: 'signal', value: 9 });
  });

  test('can open /dev/stdout and /dev/stderr', async () => {
    const result = await runCommand(server.client, sh('echo out > /dev/stdout; echo err > /dev/stderr'));
    expect([String(result.stdout), String(result.stderr)]).toEqual(['out\n', 'err\n']);
  });

  test('reads from /dev/null where the client gives no input', async () => {
    const result = await runCommand(server.client, sh('cat; readlink /proc/self/fd/0'));
    expect(String(result.stdout)).toBe('/dev/null\n');
  });

  test('leads a session and a process group of its own', async () => {
    const result = await runCommand(server.client, sh('cut -d " " -f 5,6 /proc/$$/stat'));
    expect(String(result.stdout)).toBe(`${result.pid} ${result.pid}\n`);
  });

  test('gets default actions for all signals and has none blocked', async () => {
    const result = await runCommand(server.client, ['grep', '-E', '^Sig(Blk|Ign)', '/proc/self/status']);
    // 32 and 33 belong to the C library, which has them ignored.
    expect(String(result.stdout).replaceAll(/\t0*(0|180000000)\n/g, '\tnone\n')).toBe('SigBlk:\tnone\nSigIgn:\tnone\n');
  });

  test('holds none of the descriptors of the agent', async () => {
    const inherited = await runCommand(server.client, ['ls', '/proc/self/fd']);
    const fds = String(inherited.stdout).trim().split('\n').map(Number);
    expect(fds.filter((fd) => fd <= 3)).toEqual([0, 1, 2, 3]);
    expect(String((await runCommand(server.client, sh('ls -l /proc/self/fd'))).stdout)).not.toContain('socket:');
  });

  test('runs in its working directory, with the environment asked for and nothing of the agent', async () => {
    const env = { PATH: '/usr/bin:/bin', A: 'b c', EMPTY: '' };
    const result = await runCommand(server.client, sh('pwd; env'), { workdir: '/usr', env });
    const lines = String(result.stdout).trim().split('\n');
    expect(lines).toContain('/usr');
    expect(lines).toEqual(expect.arrayContaining(['A=b c', 'EMPTY=', 'XSHMFENCE_NO_MEMFD=1']));
    const names = lines.slice(1).map((line) => line.split('=')[0]);
    const known = ['A', 'EMPTY', 'HOME', 'LOGNAME', 'OLDPWD', 'PATH', 'PWD', 'SHELL', 'SHLVL', 'USER', '_'];
    expect(names.filter((name) => !known.includes(name ?? '')).sort()).toEqual([
      'XDG_RUNTIME_DIR',
      'XSHMFENCE_NO_MEMFD',
    ]);
  });

  test('may be a script without a first line that names its interpreter', async () => {
    writeFileSync(join(directory, 'script'), 'echo "$0" "$1"\n', { mode: 0o755 });
    const result = await runCommand(server.client, ['./script', 'one'], { workdir: directory });
    expect(String(result.stdout)).toBe('./script one\n');
  });
});

describe('output', () => {
  test('arrives whole from a command that ends at once', async () => {
    const result = await runCommand(server.client, ['head', '-c', '3000000', '/dev/zero']);
    expect(result.stdout.length).toBe(3_000_000);
  });

  test('waits in the command while the client reads nothing', async () => {
    const file = join(directory, 'progress');
    let isPaused = false;
    const script = `i=0; while [ $i -lt 400 ]; do head -c 65536 /dev/zero; i=$((i+1)); echo $i > ${file}; done`;
    const done = runCommand(server.client, sh(script), {
      onReply(reply, _send, call) {
        if (isPaused || reply.$case !== 'stdout') return;
        isPaused = true;
        call.pause();
        setTimeout(() => call.resume(), 1000);
      },
    });
    await sleep(700);
    expect(Number(readFileSync(file, 'utf8'))).toBeLessThan(200);
    expect((await done).stdout.length).toBe(400 * 65_536);
  });

  test('of a child that outlives the command by a moment still arrives', async () => {
    const result = await runCommand(server.client, sh('(sleep 0.2; echo late) & echo soon'));
    expect(String(result.stdout)).toBe('soon\nlate\n');
  });

  test('of a child that lives on and on is not waited for', async () => {
    const startedMs = performance.now();
    const result = await runCommand(server.client, sh('sleep 5 & echo soon'));
    expect(String(result.stdout)).toBe('soon\n');
    expect(performance.now() - startedMs).toBeLessThan(4000);
  });

  test('of a child that never falls silent ends too', async () => {
    const script = 'while [ $SECONDS -lt 20 ]; do echo again; sleep 0.05; done & exit 3';
    const startedMs = performance.now();
    const result = await runCommand(server.client, ['bash', '-c', script]);
    expect(result.exit).toEqual({ $case: 'code', value: 3 });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

describe('input', () => {
  test('arrives byte for byte and ends', async () => {
    const data = randomBytes(5_000_000);
    const result = await runCommand(server.client, ['sha256sum'], {
      stdin: true,
      onReply(reply, send) {
        if (reply.$case !== 'started') return;
        for (let at = 0; at < data.length; at += 100_000) {
          send({ $case: 'stdin', value: data.subarray(at, at + 100_000) });
        }
        send({ $case: 'stdinEnd', value: {} });
      },
    });
    expect(String(result.stdout)).toBe(`${createHash('sha256').update(data).digest('hex')}  -\n`);
  });

  test('that the command does not want is dropped', async () => {
    const result = await runCommand(server.client, ['head', '-c', '1'], {
      stdin: true,
      onReply(reply, send) {
        if (reply.$case !== 'started') return;
        for (let count = 0; count < 100; count += 1) send({ $case: 'stdin', value: Buffer.alloc(100_000) });
      },
    });
    expect(result.stdout.length).toBe(1);
    expect(result.exit).toEqual({ $case: 'code', value: 0 });
  });

  test('ends with the requests of the client', async () => {
    const result = await runCommand(server.client, ['cat'], {
      stdin: true,
      onReply(reply, send, call) {
        if (reply.$case !== 'started') return;
        send({ $case: 'stdin', value: Buffer.from('last words') });
        call.end();
      },
    });
    expect(String(result.stdout)).toBe('last words');
  });
});

describe('a signal', () => {
  test('reaches the whole process group', async () => {
    const result = await runCommand(server.client, sh('trap "echo trapped; exit 4" TERM; sleep 20 & wait; echo $?'), {
      onReply(reply, send) {
        if (reply.$case === 'started') setTimeout(() => send({ $case: 'signal', value: { number: 15 } }), 200);
      },
    });
    expect(String(result.stdout)).toBe('trapped\n');
    expect(result.exit).toEqual({ $case: 'code', value: 4 });
  });
});

describe('a client that goes away', () => {
  const isAlive = (pid: number | undefined) => pid !== undefined && existsSync(`/proc/${pid}`);

  async function startAndLeave(script: string): Promise<number> {
    let pid = 0;
    const result = await runCommand(server.client, ['bash', '-c', script], {
      onReply(reply, _send, call) {
        if (reply.$case === 'started') pid = reply.value.pid;
        if (reply.$case === 'stdout') call.cancel();
      },
    });
    expect(result.error?.code).toBe(1);
    return pid;
  }

  async function waitForEnd(pid: number, limitMs: number): Promise<void> {
    const giveUpAt = performance.now() + limitMs;
    while (isAlive(pid) && performance.now() < giveUpAt) await sleep(20);
    expect(isAlive(pid)).toBe(false);
  }

  test('takes a command with it that writes all the time', async () => {
    await waitForEnd(await startAndLeave('yes'), 1500);
  });

  test('takes a command with it that waits', async () => {
    await waitForEnd(await startAndLeave('echo; sleep 100'), 1500);
  });

  test('takes a stopped command with it', async () => {
    await waitForEnd(await startAndLeave('echo; kill -STOP $$'), 1500);
  });

  test('takes a command with it that ignores the hang-up, after the grace time', async () => {
    await waitForEnd(await startAndLeave('trap "" HUP; echo; while :; do sleep 0.1; done'), 6000);
  });

  test('takes other process groups of the session with it', async () => {
    const file = join(directory, 'group');
    await startAndLeave(`set -m; (trap "" HUP; echo $BASHPID > ${file}; exec sleep 100) & sleep 0.3; echo; wait`);
    const pid = Number(readFileSync(file, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    await waitForEnd(pid, 6000);
  });
});

describe('a detached command', () => {
  test('ends the call with "started" and lives on', async () => {
    const file = join(directory, 'detached');
    const result = await runCommand(server.client, sh(`sleep 0.3; echo done > ${file}`), { detach: true });
    expect(result.pid).toBeGreaterThan(0);
    expect(result.exit).toBeUndefined();
    expect(result.error).toBeUndefined();
    const giveUpAt = performance.now() + 5000;
    while (!existsSync(file) && performance.now() < giveUpAt) await sleep(20);
    expect(existsSync(file)).toBe(true);
  });
});
