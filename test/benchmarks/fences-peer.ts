/**
 * Measures the wake-ups of fences between two processes of the guest, and the cost of fences that nobody wakes. Prints a line of
 * JSON for each COUNT.
 *
 *     node fences-peer.cjs PROGRAM KIND ROUNDS COUNT…
 *
 * PROGRAM: futex-peer.cjs · KIND: io_uring or timer · ROUNDS: that are timed · COUNT: of fences
 */
import { closeSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createFutexWatcher,
  createPipe,
  EPOLL_EVENTS,
  Epoll,
  FUTEX_EVERYONE,
  FUTEX_MASKS,
  type FutexWatcher,
  futexWake,
  MissedWakes,
} from '@muvm/linux';
import { TestPeer, TestWords } from '../../packages/linux/src/futex/test-peer.ts';

const ROUND_TIMEOUT_MS = 5000;
const IDLE_MS = 1000;
/** Who has been idle for so long does not look often any more. */
const REST_MS = 200;

interface Setup {
  readonly program: string;
  readonly kind: string;
  readonly rounds: number;
}

/** What one process was found to cost. */
export interface FenceCosts {
  readonly roundTripsUs: readonly number[];
  /** A byte through one pipe and back through another, between the same two processes. */
  readonly pipeRoundTripsUs: readonly number[];
  readonly memoryMib: number;
  readonly threads: number;
  /** CPU time of a second in which nothing happens. */
  readonly idleCpuMs: number;
  /** The same where they are new and there is traffic: no signal of the host has come of any. */
  readonly newCpuMs: number;
}

/** Without what the collector has not collected yet. */
function rssMib(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}

/** Times rounds, after as many that are not counted. @returns the time of each in µs */
function timeRounds(rounds: number, round: () => void): number[] {
  const times: number[] = [];
  for (let done = 0; done < 2 * rounds; done += 1) {
    const startedMs = performance.now();
    round();
    if (done >= rounds) times.push(1000 * (performance.now() - startedMs));
  }
  return times;
}

async function timePipe(program: string, rounds: number): Promise<number[]> {
  const [there, back] = [createPipe(), createPipe()];
  using peer = await TestPeer.start([], program, [there.readEnd, back.writeEnd]);
  const byte = Buffer.alloc(1);
  peer.tell(`pipe ${2 * rounds}`);
  await new Promise(setImmediate);
  const timesUs = timeRounds(rounds, () => {
    writeSync(there.writeEnd, byte);
    readSync(back.readEnd, byte);
  });
  for (const pipe of [there, back]) for (const fd of [pipe.readEnd, pipe.writeEnd]) closeSync(fd);
  return timesUs;
}

async function timeWakes({ program, rounds }: Setup, fences: TestWords, watcher: FutexWatcher): Promise<number[]> {
  using peer = await TestPeer.start(fences.paths, program);
  using epoll = new Epoll();
  epoll.add(watcher.fd, EPOLL_EVENTS.in);
  const { words, address } = fences.words[fences.words.length - 1] as TestWords['words'][number];
  peer.tell(`echo ${2 * rounds}`);
  await new Promise(setImmediate);
  return timeRounds(rounds, () => {
    const answer = Atomics.add(words, 0, 1) + 2;
    futexWake(address, FUTEX_EVERYONE, FUTEX_MASKS.relay);
    let told = 0;
    while (Atomics.load(words, 0) !== answer || told === 0) {
      if (epoll.wait(ROUND_TIMEOUT_MS).length === 0) throw new Error('Nobody answered');
      told += watcher.take().length;
    }
  });
}

/** Lets the time go by as the bridge does. @returns CPU time in ms, of a second */
function idle(watcher: FutexWatcher, missed: MissedWakes, durationMs: number, isBusy: boolean): number {
  using epoll = new Epoll();
  for (const { fd } of [watcher, missed]) epoll.add(fd, EPOLL_EVENTS.in);
  const endMs = performance.now() + durationMs;
  const before = process.cpuUsage();
  for (let leftMs = durationMs; leftMs > 0; leftMs = endMs - performance.now()) {
    for (const { fd } of epoll.wait(leftMs)) {
      if (fd === watcher.fd) watcher.take();
      else missed.tick();
      if (isBusy) missed.traffic();
    }
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1000 / durationMs) * 1000;
}

function watchAll({ words }: TestWords, watcher: FutexWatcher, missed: MissedWakes): void {
  for (const [id, word] of words.entries()) {
    watcher.watch(id, word);
    missed.add(id, word);
  }
}

function unwatchAll({ words }: TestWords, watcher: FutexWatcher, missed: MissedWakes): void {
  for (const id of words.keys()) {
    missed.delete(id);
    watcher.unwatch(id);
  }
}

async function measure(setup: Setup, count: number): Promise<Omit<FenceCosts, 'pipeRoundTripsUs'>> {
  using fences = new TestWords(count);
  using watcher = createFutexWatcher(setup.kind === 'io_uring');
  using missed = new MissedWakes();
  // Once for nothing, so that what Node needs for the first time is not counted.
  watchAll(fences, watcher, missed);
  unwatchAll(fences, watcher, missed);
  const before = rssMib();
  watchAll(fences, watcher, missed);
  const memoryMib = Math.max(0, rssMib() - before);
  const threads = readdirSync('/proc/self/task').length;
  const roundTripsUs = await timeWakes(setup, fences, watcher);
  missed.traffic();
  const newCpuMs = idle(watcher, missed, IDLE_MS, true);
  for (const id of fences.words.keys()) missed.signalled(id);
  idle(watcher, missed, REST_MS, false);
  const idleCpuMs = idle(watcher, missed, IDLE_MS, false);
  return { roundTripsUs, memoryMib, threads, idleCpuMs, newCpuMs };
}

async function main([program, kind, rounds, ...counts]: readonly string[]): Promise<void> {
  const setup = { program: program as string, kind: kind as string, rounds: Number(rounds) };
  const pipeRoundTripsUs = await timePipe(setup.program, setup.rounds);
  for (const count of counts) {
    const costs: FenceCosts = { pipeRoundTripsUs, ...(await measure(setup, Number(count))) };
    process.stdout.write(`${JSON.stringify(costs)}\n`);
  }
}

void main(process.argv.slice(2));
