import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { fenceObstacle } from '../../../../test/peers/fence-library.ts';
import { PAUSE_MS } from '../../../../test/peers/fence-tasks.ts';
import { type FenceClient, startFenceClient } from '../../../../test/peers/start-fence-client.ts';
import { RemoteThread } from './remote-thread.ts';
import { stopProcess } from './stop-process.ts';
import { releaseStragglers } from './stragglers.ts';

const obstacle = fenceObstacle();
const suite = obstacle === undefined ? describe : describe.skip;

const TIMEOUT_MS = 30_000;
const PAGE_BYTES = 4096;
const READ_WRITE = 3;
const PRIVATE_ANONYMOUS = 0x22;

/** Has one thread of a client map a page and unmap it, some times. */
function useThread(client: FenceClient, tid: number, times = 3): void {
  using stopped = stopProcess(client.pid);
  expect(client.tracers().every((tracer) => tracer === process.pid)).toBe(true);
  using thread = RemoteThread.borrow(stopped.pid, [tid], { latestMs: performance.now() + 1000, lost: () => {} });
  for (let time = 0; time < times; time += 1) {
    const page = thread.call('mmap', 0, PAGE_BYTES, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
    thread.call('munmap', page, PAGE_BYTES);
  }
}

suite(`a stopped process${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`, () => {
  test.each(['sleep', 'poll'])(
    'a thread in %s made calls for us, and waits no longer than it would have',
    async (task) => {
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
    },
    TIMEOUT_MS,
  );

  test('so did one in read(2)', async () => {
    await using client = await startFenceClient();
    await client.ask('alloc', 'fd');
    const tid = await client.start('read');
    useThread(client, tid);
    await client.ask('feed', 'fed');
    expect(await client.hear('done', 'read')).toMatchObject({ result: 1 });
  });

  test('so did one in a futex', async () => {
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

  test('so did one that computes, a thousand times', async () => {
    await using client = await startFenceClient();
    await client.ask('alloc', 'fd');
    const tid = await client.start('spin');
    for (let time = 0; time < 100; time += 1) useThread(client, tid, 10);
    const before = await client.ask('spins', 'spins');
    await sleep(20);
    expect(await client.ask('spins', 'spins')).not.toBe(before);
  });
});

test('nothing is left to be let go', () => expect(releaseStragglers()).toBe(0));
