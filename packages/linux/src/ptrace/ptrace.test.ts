import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SkipReason, testUnless } from '../../../../test/framework/skip.ts';
import { until } from '../../../../test/framework/until.ts';
import { fenceSkipReason } from '../../../../test/peers/fence-library.ts';
import { PAUSE_MS } from '../../../../test/peers/fence-tasks.ts';
import { type FenceClient, startFenceClient } from '../../../../test/peers/start-fence-client.ts';
import { endlessProgram32, program32 } from '../../../../test/vm/program-32.ts';
import { threadStatus } from './process-facts.ts';
import { RemoteThread } from './remote-thread.ts';
import { stopProcess } from './stop-process.ts';
import { releaseStragglers } from './stragglers.ts';

const TIMEOUT_MS = 30_000;
/** The greatest number that a process can have, linux/threads.h. */
const PID_MAX = 4_194_304;
const PAGE_BYTES = 4096;
const READ_WRITE = 3;
const PRIVATE_ANONYMOUS = 0x22;

const fenceTest = (name: string, body: () => Promise<void>) => testUnless(fenceSkipReason(), name, body, TIMEOUT_MS);

/** Has one thread of a client map a page and unmap it, some times. */
function useThread(client: FenceClient, tid: number, times = 3): void {
  using stopped = stopProcess(client.pid);
  expect(client.tracers().every((tracer) => tracer === process.pid)).toBe(true);
  using thread = RemoteThread.borrow(stopped.pid, [tid], () => {});
  for (let time = 0; time < times; time += 1) {
    const page = thread.call('mmap', 0, PAGE_BYTES, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
    thread.call('munmap', page, PAGE_BYTES);
  }
}

describe('a stopped process', () => {
  for (const task of ['sleep', 'poll']) {
    fenceTest(`a thread in ${task} made calls for us, and waits no longer than it would have`, async () => {
      await using client = await startFenceClient();
      await client.ask('alloc', 'fd');
      const tid = await client.start(task);
      for (let time = 0; time < 4; time += 1) {
        await sleep(PAUSE_MS / 6);
        useThread(client, tid);
      }
      const done = await client.hear('done', task);
      expect(done).toMatchObject({ result: 0, errno: 0 });
      expect(done['tookMs']).toBeGreaterThan(PAUSE_MS - 10);
      expect(done['tookMs']).toBeLessThan(PAUSE_MS * 1.5);
    });
  }

  fenceTest('so did one in read(2)', async () => {
    await using client = await startFenceClient();
    await client.ask('alloc', 'fd');
    const tid = await client.start('read');
    useThread(client, tid);
    await client.ask('feed', 'fed');
    expect(await client.hear('done', 'read')).toMatchObject({ result: 1 });
  });

  fenceTest('so did one in a futex', async () => {
    await using client = await startFenceClient();
    await client.ask('alloc', 'fd');
    const tid = await client.start('await');
    await sleep(50);
    useThread(client, tid);
    await sleep(50);
    expect(client.unheard()).toEqual([]);
    await client.ask('trigger', 'triggered');
    expect(await client.hear('done', 'await')).toMatchObject({ result: 0 });
  });

  fenceTest('so did one that computes, a thousand times', async () => {
    await using client = await startFenceClient();
    await client.ask('alloc', 'fd');
    const tid = await client.start('spin');
    for (let time = 0; time < 100; time += 1) useThread(client, tid, 10);
    const before = await client.ask('spins', 'spins');
    await sleep(20);
    expect(await client.ask('spins', 'spins')).not.toBe(before);
  });
});

describe('a process that cannot be used:', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'muvm-ptrace-'));
    writeFileSync(join(directory, 'endless'), endlessProgram32(), { mode: 0o755 });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  async function expectRefusal(program: readonly string[], sentence: RegExp): Promise<void> {
    const shell = spawn('sh', ['-c', '"$@" & echo $!; wait $!', 'sh', ...program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = await once(shell.stdout, 'data');
    const pid = Number(line);
    // Until then it is a shell still.
    await until(() => readlinkSync(`/proc/${pid}/exe`) === program[0], TIMEOUT_MS);
    try {
      expect(() => {
        using stopped = stopProcess(pid);
        using _ = stopped.borrowThread();
      }).toThrow(sentence);
      expect(threadStatus(pid)).toMatchObject({ tracer: 0, state: expect.stringMatching(/[RS]/) });
    } finally {
      process.kill(pid, 'SIGKILL');
      await once(shell, 'exit');
    }
  }

  fenceTest(
    'one with a thread that nothing interrupts is let go but for that, and that when it comes back',
    async () => {
      const fifo = join(directory, 'fifo');
      spawnSync('mkfifo', [fifo]);
      await using client = await startFenceClient();
      await client.ask('alloc', 'fd');
      await client.start('spawn', fifo);
      await client.untilStates(/D/);
      expect(() => stopProcess(client.pid)).toThrow(/^Cannot stop .* within 1000 ms: thread \d+ is in state "D"$/);
      expect(client.states()).not.toMatch(/t/);
      expect(await client.ask('query', 'query')).toBe(0);
      expect(releaseStragglers()).toBe(1);
      closeSync(openSync(fifo, 'w'));
      await client.untilStates(/t/);
      expect(releaseStragglers()).toBe(0);
      expect(await client.hear('done', 'spawn')).toMatchObject({ result: 0 });
      expect(new Set(client.tracers())).toEqual(new Set([0]));
    },
  );

  testUnless(program32SkipReason(), 'a program of 32 bits', () =>
    expectRefusal(
      [join(directory, 'endless')],
      /^Cannot make system calls in process \d+ \(".*"\) as it is a 32-bit program$/,
    ),
  );

  test('one that is gone', () => {
    expect(() => stopProcess(PID_MAX)).toThrow(`Cannot stop process ${PID_MAX} as it has ended`);
  });

  test('ourselves', () =>
    expect(() => stopProcess(process.pid)).toThrow(
      /^Cannot stop process \d+ .*as the kernel does not let it be traced/,
    ));
});

/** Whether the kernel runs such programs. */
function program32SkipReason(): SkipReason {
  const path = join(mkdtempSync(join(tmpdir(), 'muvm-ptrace-')), 'hello');
  try {
    writeFileSync(path, program32(), { mode: 0o755 });
    return spawnSync(path).status === 7 ? undefined : 'the kernel does not run 32-bit programs';
  } finally {
    rmSync(dirname(path), { recursive: true });
  }
}

test('nothing is left to be let go', () => expect(releaseStragglers()).toBe(0));
