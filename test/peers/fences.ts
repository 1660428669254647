/**
 * The guest's side of test/vm/fences.test.ts. Prints what it saw as JSON.
 *
 *     node fences.cjs watch PROGRAM FILE     wakes go both ways between a watcher and PROGRAM, which is futex-peer.cjs
 *     node fences.cjs await PROGRAM FILE     PROGRAM waits for a fence that the host triggers, who sends no signal
 *
 * FILE has one word, and is made by the first, while the second finds it.
 */
import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestPeer } from '../../packages/linux/src/futex/test-peer.ts';
import {
  createFutexWatcher,
  EPOLL_EVENTS,
  Epoll,
  FUTEX_EVERYONE,
  FUTEX_MASKS,
  futexWake,
  MissedWakes,
  mapShared,
  type SharedMemory,
} from '../../packages/linux/src/index.ts';

const ID = 7;
const TRIGGERED = 1;
const WAITED_FOR = -1;
const LOOK_MS = 5;
const TELL_MS = 2000;
const QUIET_MS = 100;

function mapFile(path: string, flags: string): SharedMemory {
  const fd = openSync(path, flags);
  if (flags.startsWith('w')) ftruncateSync(fd, 4);
  const word = mapShared(fd, 4);
  closeSync(fd);
  return word;
}

async function untilValue(word: SharedMemory, value: number): Promise<void> {
  while (Atomics.load(word.words, 0) !== value) await sleep(LOOK_MS);
}

/** @param between what is done until the answer is there */
async function untilAnswered(answer: Promise<number>, between: () => void): Promise<number> {
  let isThere = false;
  const done = answer.finally(() => {
    isThere = true;
  });
  for (; !isThere; await sleep(LOOK_MS)) between();
  return done;
}

async function watch(program: string, path: string) {
  using word = mapFile(path, 'wx+');
  using watcher = createFutexWatcher();
  using epoll = new Epoll();
  epoll.add(watcher.fd, EPOLL_EVENTS.in);
  using peer = await TestPeer.start([path], program);
  watcher.watch(ID, word);
  const told = (timeoutMs: number) => (epoll.wait(timeoutMs).length > 0 ? watcher.take() : []);
  const answer = peer.ask('await 0');
  await untilValue(word, WAITED_FOR);
  // The change is seen by a timer alone.
  told(QUIET_MS);
  const wake = () => futexWake(word.address, FUTEX_EVERYONE, FUTEX_MASKS.relay);
  // Who is woken finds the fence not triggered, and waits again.
  while (wake() === 0) await sleep(LOOK_MS);
  const echo = told(QUIET_MS);
  Atomics.store(word.words, 0, TRIGGERED);
  const waits = await untilAnswered(answer, wake);
  told(QUIET_MS);
  Atomics.store(word.words, 0, WAITED_FOR);
  told(QUIET_MS);
  await peer.ask('trigger 0');
  return { kind: watcher.kind, echo, hasWaited: waits > 0, told: told(TELL_MS) };
}

async function awaitHost(program: string, path: string) {
  using word = mapFile(path, 'r+');
  using missed = new MissedWakes();
  using peer = await TestPeer.start([path], program);
  missed.add(ID, word);
  const waits = await untilAnswered(peer.ask('await 0'), () => missed.tick());
  return { hasWaited: waits > 0, value: Atomics.load(word.words, 0) };
}

async function main([mode, program, path]: readonly string[]): Promise<void> {
  const run = mode === 'watch' ? watch : awaitHost;
  try {
    process.stdout.write(`${JSON.stringify(await run(program as string, path as string))}\n`);
  } finally {
    rmSync(path as string, { force: true });
  }
}

void main(process.argv.slice(2));
