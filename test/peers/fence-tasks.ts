/** What the threads of fence-client.ts wait in, or do. */
import { readlinkSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { lastErrno, libcFunction } from '../../packages/linux/src/index.ts';
import { fenceLibrary } from './fence-library.ts';

export interface Task {
  readonly name: 'await' | 'read' | 'sleep' | 'poll' | 'spin';
  /** Of the fence. */
  readonly fd: number;
  readonly readEnd: number;
  readonly spins: Int32Array;
}

/** How long "sleep" and "poll" take. */
export const PAUSE_MS = 3000;

const native = {
  nanosleep: libcFunction('int nanosleep(void *time, void *rest)'),
  poll: libcFunction('int poll(void *fds, unsigned long count, int timeoutMs)'),
};

const tasks: Readonly<Record<Task['name'], (task: Task) => object>> = {
  // In the kernel: a futex on memory of the fence, of which this is a mapping of its own.
  await: ({ fd }) => {
    const fences = fenceLibrary();
    const fence = fences.map(fd);
    started('await');
    return { result: fences.await(fence) };
  },
  read: ({ readEnd }) => {
    started('read');
    return { result: readSync(readEnd, Buffer.alloc(8)) };
  },
  sleep: () => {
    const time = Buffer.alloc(16);
    time.writeBigInt64LE(BigInt(Math.floor(PAUSE_MS / 1000)), 0);
    time.writeBigInt64LE(BigInt((PAUSE_MS % 1000) * 1_000_000), 8);
    return timed('sleep', () => native.nanosleep(time, null));
  },
  poll: () => timed('poll', () => native.poll(null, 0, PAUSE_MS)),
  spin: ({ spins }) => {
    started('spin');
    for (;;) Atomics.add(spins, 0, 1);
  },
};

export function runTask(task: Task): void {
  parentPort?.postMessage({ done: task.name, ...tasks[task.name](task) });
}

function started(name: Task['name']): void {
  const tid = Number(basename(readlinkSync('/proc/thread-self')));
  parentPort?.postMessage({ started: name, tid });
}

function timed(name: Task['name'], wait: () => number): object {
  started(name);
  const fromMs = performance.now();
  const result = wait();
  return { result, errno: result < 0 ? lastErrno() : 0, tookMs: performance.now() - fromMs };
}
