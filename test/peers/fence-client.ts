/**
 * A program with a real fence, as the drivers of X11 clients have them, for tests that move it.
 *
 *     node fence-client.cjs       reads a command from each line, and writes a JSON object for each that it does or sees
 *
 *     alloc                       a new fence in place of the last: {"fd": its memfd}
 *     allocs COUNT                so many beside it: {"fds": their memfds}
 *     map                         one more mapping of it
 *     dup                         one more descriptor of it, that stays open in programs that are started
 *     close                       its descriptor is closed; the mappings stay
 *     query, trigger, reset       of the fence: {"query": 0 or 1}
 *     start TASK PATH             a thread (see fence-tasks.ts): {"started": TASK, "tid": its id}, and {"done": TASK, …} at its end
 *     feed                        one byte for the task "read"
 *     spins                       {"spins": how often the task "spin" went round}
 *     count-signals               SIGUSR2 is counted from now on, signals: {"signals": how often it came}
 *     churn                       threads come and go from now on
 *     refuse CALL, trap CALL      system calls of that number fail in every thread, or are answered with SIGSYS (seccomp(2))
 */
import { closeSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { createPipe, libcFunction } from '../../packages/linux/src/index.ts';
import { fenceLibrary } from './fence-library.ts';
import { runTask, type Task } from './fence-tasks.ts';
import { filterCall } from './filter-call.ts';

const native = { dup: libcFunction('int dup(int fd)') };

const say = (fact: object) => writeSync(1, `${JSON.stringify(fact)}\n`);

function main(): void {
  const fences = fenceLibrary();
  const pipe = createPipe();
  const spins = new Int32Array(new SharedArrayBuffer(4));
  let signals = 0;
  let fence = { fd: -1, address: 0n };

  const start = (name: Task['name'], path: string) => {
    const task: Task = { name, path, fd: fence.fd, readEnd: pipe.readEnd, spins };
    new Worker(__filename, { workerData: task }).on('message', (fact) => say(fact));
  };
  const commands: Record<string, (word: string, path: string) => void> = {
    alloc: () => {
      if (fence.address !== 0n) fences.unmap(fence.address);
      if (fence.fd >= 0) closeSync(fence.fd);
      const fd = fences.alloc();
      fence = { fd, address: fences.map(fd) };
      say({ fd });
    },
    allocs: (word) => {
      const fds = Array.from({ length: Number(word) }, () => fences.alloc());
      for (const fd of fds) fences.map(fd);
      say({ fds });
    },
    dup: () => say({ duplicate: native.dup(fence.fd) }),
    'count-signals': () => {
      process.on('SIGUSR2', () => {
        signals += 1;
      });
      say({ counting: true });
    },
    signals: () => say({ signals }),
    map: () => say({ mapped: fences.map(fence.fd) !== 0n }),
    close: () => {
      closeSync(fence.fd);
      fence = { ...fence, fd: -1 };
      say({ closed: true });
    },
    query: () => say({ query: fences.query(fence.address) }),
    trigger: () => say({ triggered: fences.trigger(fence.address) }),
    reset: () => {
      fences.reset(fence.address);
      say({ reset: true });
    },
    start: (word, path) => start(word as Task['name'], path),
    feed: () => say({ fed: writeSync(pipe.writeEnd, 'x') }),
    spins: () => say({ spins: Atomics.load(spins, 0) }),
    churn: () => {
      churn();
      say({ churning: true });
    },
    refuse: (word) => say({ filtered: filterCall(Number(word), 'refuse') }),
    trap: (word) => say({ filtered: filterCall(Number(word), 'trap') }),
  };
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const [verb = '', word = '', path = ''] = line.split(' ');
      commands[verb]?.(word, path);
    })
    .on('close', () => process.exit(0));
  say({ pid: process.pid });
}

function churn(): void {
  const worker = new Worker('', { eval: true });
  worker.on('exit', () => churn());
}

if (isMainThread) main();
else runTask(workerData as Task);
