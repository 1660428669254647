/** What the threads of fence-client.ts wait in, or do. */
import { readlinkSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { lastErrno, libcFunction, loadKoffi } from '../../packages/linux/src/index.ts';
import { fenceLibrary } from './fence-library.ts';

export interface Task {
  readonly name: 'await' | 'read' | 'sleep' | 'poll' | 'spin' | 'spawn';
  /** For the task, if it needs one. */
  readonly path: string;
  /** Of the fence. */
  readonly fd: number;
  readonly readEnd: number;
  readonly spins: Int32Array;
}

/** How long "sleep" and "poll" take. */
export const PAUSE_MS = 3000;

// More than posix_spawn_file_actions_t of spawn.h has.
const FILE_ACTIONS_BYTES = 128;

const native = {
  nanosleep: libcFunction('int nanosleep(void *time, void *rest)'),
  initActions: libcFunction('int posix_spawn_file_actions_init(void *actions)'),
  addOpen: libcFunction(
    'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, unsigned int mode)',
  ),
  spawn: libcFunction(
    'int posix_spawn(_Out_ int *pid, const char *path, void *actions, void *attr, void *argv, void *env)',
  ),
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
  // Its child shares its memory until it has opened the file, which for a FIFO waits for a writer: until then nothing
  // but SIGKILL interrupts the thread.
  spawn: ({ path }) => {
    const actions = Buffer.alloc(FILE_ACTIONS_BYTES);
    native.initActions(actions);
    native.addOpen(actions, 0, path, 0, 0);
    started('spawn');
    const name = Buffer.from('true\0');
    const argv = Buffer.alloc(16);
    argv.writeBigUInt64LE(loadKoffi().address(name), 0);
    const noVariables = argv.subarray(8);
    return { result: native.spawn([0], '/bin/true', actions, null, argv, noVariables) };
  },
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
