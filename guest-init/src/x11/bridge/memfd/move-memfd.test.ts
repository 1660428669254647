import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { releaseStragglers, runAs } from '@muvm/linux';
import { needsRoot, programsMissing } from '../../../../../test/framework/requirements.ts';
import { type SkipReason, testUnless } from '../../../../../test/framework/skip.ts';
import { type FenceLibrary, fenceLibrary, fenceSkipReason } from '../../../../../test/peers/fence-library.ts';
import { type FenceClient, ownDescriptors, startFenceClient } from '../../../../../test/peers/start-fence-client.ts';
import { moveMemfd } from './move-memfd.ts';

const TIMEOUT_MS = 60_000;
/** System calls of asm/unistd_64.h and asm-generic/unistd.h. */
const CALLS = process.arch === 'x64' ? { dup3: 292, socketpair: 53 } : { dup3: 24, socketpair: 199 };
/** More than are moved in the time of the test. */
const FENCES = 200;

/** A test with a real client. It may take long, as it starts programs. */
const fenceTest = (name: string, body: () => Promise<void>, skip?: SkipReason) =>
  testUnless(fenceSkipReason() ?? skip, name, body, TIMEOUT_MS);

let directory: string;
let fences: FenceLibrary;

beforeAll(() => {
  directory = mkdtempSync('/dev/shm/muvm-test-');
  if (fenceSkipReason() === undefined) fences = fenceLibrary();
});
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => {
  expect(readdirSync(directory)).toEqual([]);
  expect(releaseStragglers()).toBe(0);
});

interface Moved extends Disposable {
  /** The fence as a third process has it: by the new file alone. */
  readonly fence: bigint;
}

function move(client: FenceClient, memfd: number): Moved {
  const file = moveMemfd(client.pid, memfd, directory);
  const fence = fences.map(file);
  return {
    fence,
    [Symbol.dispose]: () => {
      fences.unmap(fence);
      closeSync(file);
    },
  };
}

/** A new fence of the client, and a descriptor of ours of its memfd. */
async function newFence(client: FenceClient): Promise<{ fd: number; memfd: number }> {
  const fd = await client.ask('alloc', 'fd');
  return { fd, memfd: client.open(fd) };
}

const withoutFile = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/(\S+ \d+\s+)?\/(memfd:|dev\/shm).*/, ''));
const filesOf = (lines: readonly string[]) => lines.filter((line) => line.includes(directory));
const memfdsOf = (lines: readonly string[]) => lines.filter((line) => line.includes('/memfd:xshmfence'));

describe('moveMemfd()', () => {
  fenceTest('who waits for the fence wakes by the file, however long ago it began', async () => {
    await using client = await startFenceClient();
    const { memfd } = await newFence(client);
    await client.start('await');
    await sleep(100);
    using moved = move(client, memfd);
    expect(client.states()).not.toMatch(/[tT]/);
    await sleep(200);
    expect(client.unheard()).toEqual([]);
    fences.trigger(moved.fence);
    expect(await client.hear('done', 'await')).toMatchObject({ result: 0 });
    expect(await client.ask('query', 'query')).toBe(1);
    closeSync(memfd);
  });

  fenceTest('a fence that is triggered stays so, and can be used from both sides afterwards', async () => {
    await using client = await startFenceClient();
    const { memfd } = await newFence(client);
    await client.ask('trigger', 'triggered');
    using moved = move(client, memfd);
    expect(fences.query(moved.fence)).toBe(1);
    await client.ask('reset', 'reset');
    expect(fences.query(moved.fence)).toBe(0);
    fences.trigger(moved.fence);
    expect(await client.ask('query', 'query')).toBe(1);
    closeSync(memfd);
  });

  fenceTest('every mapping and descriptor is changed, where it was and as it was, and none is added', async () => {
    await using client = await startFenceClient();
    const { memfd } = await newFence(client);
    await client.ask('map', 'mapped');
    await client.ask('dup', 'duplicate');
    const [fds, maps] = [client.descriptors(), client.mappings()];
    const flags = client.descriptorFlags(memfdsOf(fds));
    using _ = move(client, memfd);
    expect([memfdsOf(maps).length, memfdsOf(fds).length]).toEqual([2, 2]);
    expect(memfdsOf([...client.descriptors(), ...client.mappings()])).toEqual([]);
    expect(withoutFile(client.descriptors())).toEqual(withoutFile(fds));
    expect(withoutFile(client.mappings())).toEqual(withoutFile(maps));
    expect(filesOf(client.mappings()).length).toBe(2);
    expect(new Set(flags)).toEqual(new Set(['2100002', '100002']));
    expect(client.descriptorFlags(filesOf(client.descriptors()))).toEqual(flags);
    closeSync(memfd);
  });

  fenceTest(
    'another memfd of the same name is left alone; a descriptor that the program has closed is not needed',
    async () => {
      await using client = await startFenceClient();
      const { memfd } = await newFence(client);
      await client.ask('close', 'closed');
      const other = await newFence(client);
      const before = client.descriptors();
      using moved = move(client, other.memfd);
      expect(client.descriptors().length).toBe(before.length);
      fences.trigger(moved.fence);
      expect(await client.ask('query', 'query')).toBe(1);
      expect(() => moveMemfd(client.pid, memfd, directory)).toThrow(/Cannot find the memfd of a fence in process/);
      for (const fd of [memfd, other.memfd]) closeSync(fd);
    },
  );

  fenceTest('threads that compute, wait, sleep, and come and go are all stopped, and go on', async () => {
    await using client = await startFenceClient();
    const { memfd } = await newFence(client);
    for (const task of ['await', 'spin', 'read', 'sleep', 'poll']) await client.start(task);
    await client.ask('churn', 'churning');
    await sleep(100);
    using moved = move(client, memfd);
    const spins = await client.ask('spins', 'spins');
    await client.ask('feed', 'fed');
    expect(await client.hear('done', 'read')).toMatchObject({ result: 1 });
    fences.trigger(moved.fence);
    expect(await client.hear('done', 'await')).toMatchObject({ result: 0 });
    for (const task of ['sleep', 'poll'])
      expect(await client.hear('done', task)).toMatchObject({ result: 0, errno: 0 });
    expect(await client.ask('spins', 'spins')).not.toBe(spins);
    closeSync(memfd);
  });

  fenceTest('200 in a row leave nothing here and nothing there', async () => {
    await using client = await startFenceClient();
    const round = async () => {
      const { memfd } = await newFence(client);
      using moved = move(client, memfd);
      fences.trigger(moved.fence);
      closeSync(memfd);
      expect(await client.ask('query', 'query')).toBe(1);
    };
    await round();
    const before = [client.descriptors().length, ownDescriptors(), filesOf(client.mappings()).length];
    for (let count = 0; count < 200; count += 1) await round();
    expect([client.descriptors().length, ownDescriptors(), filesOf(client.mappings()).length]).toEqual(before);
    expect(client.states()).not.toMatch(/[tTZ]/);
    expect(new Set(client.tracers())).toEqual(new Set([0]));
  });

  fenceTest('a program that is stopped by SIGSTOP stays so, and goes on with the file', async () => {
    await using client = await startFenceClient();
    const { memfd } = await newFence(client);
    await client.start('await');
    process.kill(client.pid, 'SIGSTOP');
    await client.untilStates(/^T+$/);
    using moved = move(client, memfd);
    await client.untilStates(/^T+$/);
    process.kill(client.pid, 'SIGCONT');
    fences.trigger(moved.fence);
    expect(await client.hear('done', 'await')).toMatchObject({ result: 0 });
    closeSync(memfd);
  });

  fenceTest(
    'a program with a /dev/shm of its own, as in a container, shares the file too',
    async () => {
      const script = 'mount -t tmpfs none /dev/shm && exec "$@"';
      await using client = await startFenceClient({ wrapper: ['unshare', '-m', 'sh', '-c', script, 'sh'] });
      const { memfd } = await newFence(client);
      await client.start('await');
      using moved = move(client, memfd);
      fences.trigger(moved.fence);
      expect(await client.hear('done', 'await')).toMatchObject({ result: 0 });
      closeSync(memfd);
    },
    needsRoot(),
  );

  fenceTest('no signal is lost or ends the program meanwhile', async () => {
    await using client = await startFenceClient();
    await client.ask('count-signals', 'counting');
    const storm = spawn(
      'sh',
      // Without a pause each signal meets the next one, and on a quiet machine the program itself makes no step either.
      [
        '-c',
        `while kill -USR2 ${client.pid} && kill -STOP ${client.pid} && kill -CONT ${client.pid}; do sleep 0.001; done`,
      ],
      { stdio: 'ignore' },
    );
    for (let count = 0; count < 40; count += 1) {
      const { memfd } = await newFence(client);
      using moved = move(client, memfd);
      fences.trigger(moved.fence);
      expect(await client.ask('query', 'query')).toBe(1);
      closeSync(memfd);
    }
    await end(storm);
    process.kill(client.pid, 'SIGCONT');
    expect(await client.ask('signals', 'signals')).toBeGreaterThan(0);
  });
});

describe('where moveMemfd() cannot, the program goes on with its memfd:', () => {
  async function expectRefusal(client: FenceClient, memfd: number, sentence: RegExp): Promise<void> {
    const [fds, maps, own] = [client.descriptors(), client.mappings(), ownDescriptors()];
    expect(() => moveMemfd(client.pid, memfd, directory)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(sentence), hint: expect.stringContaining('1.3.3') }),
    );
    expect([client.descriptors(), client.mappings(), ownDescriptors()]).toEqual([fds, maps, own]);
    const fence = fences.map(memfd);
    fences.trigger(fence);
    fences.unmap(fence);
    expect(await client.hear('done', 'await')).toMatchObject({ result: 0 });
    expect(await client.ask('query', 'query')).toBe(1);
  }

  async function awaiting(): Promise<{ client: FenceClient; memfd: number }> {
    const client = await startFenceClient();
    const { memfd } = await newFence(client);
    await client.start('await');
    await sleep(50);
    return { client, memfd };
  }

  fenceTest(
    'somebody else traces it',
    async () => {
      const { client, memfd } = await awaiting();
      await using _ = client;
      const strace = spawn('strace', ['-f', '-qq', '-o', '/dev/null', '-p', `${client.pid}`], { stdio: 'ignore' });
      await client.untilTraced();
      await expectRefusal(
        client,
        memfd,
        /^Cannot stop process \d+ \(".*"\) as process \d+ \("strace"\) traces it already$/,
      );
      await end(strace);
      using moved = move(client, memfd);
      expect(fences.query(moved.fence)).toBe(1);
      closeSync(memfd);
    },
    programsMissing('strace'),
  );

  const filters = [
    ['refuse', CALLS.socketpair, /EPERM|operation not permitted/],
    ['refuse', CALLS.dup3, /EPERM|operation not permitted/],
    ['trap', CALLS.socketpair, /filter of its own \(SIGSYS\)/],
    ['trap', CALLS.dup3, /filter of its own \(SIGSYS\)/],
  ] as const;
  for (const [action, call, sentence] of filters) {
    fenceTest(`a filter of its own has the action "${action}" for the system call ${call}`, async () => {
      const { client, memfd } = await awaiting();
      await using _ = client;
      await client.ask(`${action} ${call}`, 'filtered');
      await expectRefusal(client, memfd, sentence);
      closeSync(memfd);
    });
  }

  fenceTest('there is no such directory', async () => {
    const { client, memfd } = await awaiting();
    await using _ = client;
    expect(() => moveMemfd(client.pid, memfd, join(directory, 'none'))).toThrow(
      /^Cannot move a fence of process \d+ \(".*"\) out of its memfd: no such file or directory$/,
    );
    closeSync(memfd);
  });

  fenceTest(
    'it is another user’s',
    async () => {
      const { client, memfd } = await awaiting();
      await using _ = client;
      const nobody = { uid: 65_534, gid: 65_534, groups: [] };
      expect(() => runAs(nobody, () => moveMemfd(client.pid, memfd, '/dev/shm'))).toThrow(
        /as it belongs to user 0 and not to user 65534$/,
      );
      closeSync(memfd);
    },
    needsRoot(),
  );

  fenceTest('it has ended', async () => {
    const { client, memfd } = await awaiting();
    await client[Symbol.asyncDispose]();
    expect(() => moveMemfd(client.pid, memfd, directory)).toThrow(/^Cannot stop process \d+ as it has ended$/);
    closeSync(memfd);
  });

  fenceTest('it is killed meanwhile: nothing of it is left, its parent hears of it', async () => {
    for (let round = 0; round < 8; round += 1) {
      await using client = await startFenceClient();
      const fds = await client.ask<number[]>(`allocs ${FENCES}`, 'fds');
      const memfds = fds.map((fd) => client.open(fd));
      await client.start('spin');
      const own = ownDescriptors();
      const killer = spawn('sh', ['-c', `sleep ${round / 50}; kill -KILL ${client.pid}`], { stdio: 'ignore' });
      const moveAll = () => {
        for (const memfd of memfds) closeSync(moveMemfd(client.pid, memfd, directory));
      };
      expect(moveAll).toThrow(/^Cannot stop process \d+ as it has ended$/);
      expect(ownDescriptors()).toBe(own);
      await client.ended();
      for (const memfd of memfds) closeSync(memfd);
      await ended(killer);
    }
  });

  test('what it gave is no memfd, or none of a fence', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, 'word');
    const file = openSync(path, 'r+');
    rmSync(path);
    expect(() => moveMemfd(process.pid, file, directory)).toThrow(/^Cannot use ".*file \(deleted\)" as a fence/);
    closeSync(file);
  });
});

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended(child);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
