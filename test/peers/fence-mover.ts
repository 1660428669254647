/**
 * What the X11 bridge does with a program whose fences are memfds, without X11; the guest's side of test/vm/x11-memfd.test.ts.
 *
 *     node fence-mover.cjs COUNT       starts fence-client.cjs, and moves COUNT of its fences to /dev/shm while it waits
 *
 * It prints a JSON object: how many waits began before the move and ended after it, by the new file; of the last one, the
 * client's mappings of the memfd before and after, and of the file; and how long the moves took.
 */
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { moveMemfd } from '../../guest-init/src/x11/bridge/memfd/index.ts';
import { type FenceLibrary, fenceLibrary } from './fence-library.ts';
import { type FenceClient, startFenceClient } from './start-fence-client.ts';

const DIRECTORY = '/dev/shm';

/** How many mappings of the client are of memfds, and how many of moved fences. */
function mappingsOf(client: FenceClient): { memfds: number; files: number } {
  const count = (part: string) => client.mappings().filter((line) => line.includes(part)).length;
  return { memfds: count('/memfd:xshmfence'), files: count(`${DIRECTORY}/muvm-fence-`) };
}

interface Moved {
  readonly memfds: readonly [before: number, after: number];
  /** How many more there are. */
  readonly files: number;
  readonly tookMs: number;
}

async function moveOne(client: FenceClient, fences: FenceLibrary): Promise<Moved> {
  const memfd = client.open(await client.ask('alloc', 'fd'));
  await client.start('await');
  await client.untilWaiting(memfd);
  const before = mappingsOf(client);
  const fromMs = performance.now();
  const file = moveMemfd(client.pid, memfd, DIRECTORY);
  const tookMs = performance.now() - fromMs;
  const after = mappingsOf(client);
  const fence = fences.map(file);
  fences.trigger(fence);
  await client.hear('done', 'await');
  fences.unmap(fence);
  for (const fd of [memfd, file]) closeSync(fd);
  return { memfds: [before.memfds, after.memfds], files: after.files - before.files, tookMs };
}

async function main(count: number): Promise<void> {
  const fences = fenceLibrary();
  await using client = await startFenceClient({ program: join(__dirname, 'fence-client.cjs') });
  const moves: Moved[] = [];
  while (moves.length < count) moves.push(await moveOne(client, fences));
  const took = moves.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  const { memfds, files } = moves.at(-1) as Moved;
  console.log(JSON.stringify({ woken: count, memfds, files, medianMs: took[count >> 1], longestMs: took.at(-1) }));
}

void main(Number(process.argv[2]));
