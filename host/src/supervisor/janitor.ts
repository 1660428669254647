import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';

/**
 * Waits, as a process of its own, until the supervisor is done or dead; then removes the run directory. It holds a copy
 * of the lock meanwhile, so that the next VM of that name starts in a clean place. A supervisor that was killed says
 * nothing before its pipe closes: its process group is killed then, and its logs are kept.
 *
 * $1 the supervisor's process group · $2 the run directory · $3 where logs are kept · $4 the directory above $2
 */
const SCRIPT = `
trap "" HUP INT QUIT TERM
read -r word
if [ "$word" != done ]; then
  kill -s KILL -- "-$1" 2>/dev/null
  mkdir -p -- "$3" && mv -f -- "$2"/*.log "$3"/ 2>/dev/null
fi
rm -rf -- "$2"
rmdir -- "$4" 2>/dev/null
`;

export interface JanitorOptions {
  readonly runDirectory: string;
  readonly keptLogDirectory: string;
  /** The descriptor that holds the lock of the VM's name. */
  readonly lockFd: number;
}

/** The process that clears away after this one. */
export interface Janitor {
  readonly pid: number | undefined;
  /** Says that this process ends in good order. */
  dismiss(): Promise<void>;
}

/** Starts the janitor. `onLost` is called if it ends before it was dismissed. */
export function startJanitor(options: JanitorOptions, onLost: () => void): Janitor {
  const child = spawnScript(options);
  let isDismissed = false;
  const ended = () => {
    if (!isDismissed) onLost();
  };
  child.once('exit', ended);
  child.once('error', ended);
  const pipe = child.stdin as Writable;
  pipe.on('error', () => {});
  child.unref();
  return {
    pid: child.pid,
    dismiss: () => {
      isDismissed = true;
      return new Promise((resolve) => pipe.end('done\n', () => resolve()));
    },
  };
}

function spawnScript({ runDirectory, keptLogDirectory, lockFd }: JanitorOptions): ChildProcess {
  const args = [String(process.pid), runDirectory, keptLogDirectory, dirname(runDirectory)];
  return spawn('/bin/sh', ['-c', SCRIPT, 'muvm-janitor', ...args], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore', lockFd],
  });
}
