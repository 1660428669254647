import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parseEvent, type WorkerEvent } from '../events.ts';
import { createScratch } from './scratch.ts';
import type { WorkerCommand } from './worker-command.ts';

/** A worker stops its VM in that time, for the nested one the outer VM too. */
const STOP_TIMEOUT_MS = 60_000;

export interface WorkerProcess {
  /** How the worker ended, such as "status 0". By then all its events are handled, and nothing of it is left. */
  readonly exited: Promise<string>;
  /** Lets the worker clean up, and kills what is left of it after a minute. */
  stop(): void;
}

/** @param onEvent called for each event in order */
export function startWorker({ words, env }: WorkerCommand, onEvent: (event: WorkerEvent) => void): WorkerProcess {
  // If the orchestrator is killed the worker still cleans up. A session of its own keeps Ctrl-C from the VM's processes.
  const [program, ...args] = ['setpriv', '--pdeathsig', 'TERM', '--', ...words] as [string, ...string[]];
  const scratch = createScratch();
  const child = spawn(program, args, {
    env: { ...process.env, ...env, TMPDIR: scratch.directory },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let giveUp: NodeJS.Timeout | undefined;
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout as Readable })) {
      const event = parseEvent(line);
      if (event) onEvent(event);
      else process.stderr.write(`${line}\n`);
    }
  })();
  const exited = once(child, 'exit').then(async ([status, signal]) => {
    clearTimeout(giveUp);
    scratch[Symbol.dispose]();
    await read;
    return signal === null ? `status ${status}` : `killed by ${signal}`;
  });
  return {
    exited,
    stop() {
      child.kill('SIGTERM');
      giveUp ??= setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), STOP_TIMEOUT_MS);
    },
  };
}
