import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';

/**
 * Waits, as a process of its own, until the supervisor is done or dead; then removes the run directory. It holds a copy
 * of the lock meanwhile, so that the next VM of that name starts in a clean place. A supervisor that was killed says
 * nothing before its pipe closes: its process group is killed then, its logs are kept, and files that it has made
 * elsewhere are removed.
 *
 * $1 the supervisor's process group · $2 the run directory · $3 where logs are kept · $4 the directory above $2
 */
const SCRIPT = `
trap "" HUP INT QUIT TERM
group=$1 run=$2 kept=$3 above=$4 is_done=
shift 4
while read -r word path; do
  case "$word" in
    done) is_done=yes; break ;;
    made) set -- "$@" "$path" ;;
  esac
done
if [ -z "$is_done" ]; then
  kill -s KILL -- "-$group" 2>/dev/null
  mkdir -p -- "$kept" && mv -f -- "$run"/*.log "$kept"/ 2>/dev/null
  [ $# -eq 0 ] || rm -f -- "$@"
fi
rm -rf -- "$run"
rmdir -- "$above" 2>/dev/null
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
  /** Names a file outside of the run directory that must not outlive this process. Its path has no line break, and no blank at its end. */
  made(path: string): void;
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
    made: (path) => void pipe.write(`made ${path}\n`),
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
