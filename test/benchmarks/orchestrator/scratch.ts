import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { muvmProcesses } from '../../framework/processes.ts';

/** A process that forks while it is killed leaves another one. */
const SWEEPS = 5;

/** A directory for all temporary files of a worker. */
export interface Scratch extends Disposable {
  readonly directory: string;
}

/** Disposal kills what still runs in it, such as the VM of a worker that was killed, and removes it. */
export function createScratch(): Scratch {
  // Short, because sockets lie in it: sun_path has 108 bytes.
  const directory = mkdtempSync(join(tmpdir(), 'muvm-b-'));
  return {
    directory,
    [Symbol.dispose]() {
      for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
        for (const { pid } of muvmProcesses(directory)) kill(pid);
      }
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It exited in between.
  }
}
