import { readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isatty } from 'node:tty';
import { parseCpuRanges } from './cpu-list.ts';

/** What resolving must know about this machine and its caller. Tests give a host of their own. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  /** Absolute. @throws the system's error where the directory is gone */
  readonly workdir: () => string;
  /** Numbers of the CPUs that this process may use, ascending. */
  readonly cpus: () => readonly number[];
  readonly isDirectory: (path: string) => boolean;
  readonly isTerminal: (descriptor: 0 | 1 | 2) => boolean;
  /** Undefined where there is no such file. @throws the system's error where it cannot be read */
  readonly readFile: (path: string) => string | undefined;
}

export function thisHost(): Host {
  return {
    env: process.env,
    uid: process.geteuid?.() ?? -1,
    workdir: () => process.cwd(),
    cpus: allowedCpus,
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
    isTerminal: isatty,
    readFile: readFileIfThere,
  };
}

/** The affinity mask, from proc_pid_status(5). */
function allowedCpus(): readonly number[] {
  const status = readFileIfThere('/proc/self/status') ?? '';
  const ranges = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  const cpus = ranges === undefined ? undefined : parseCpuRanges(ranges);
  return cpus ?? Array.from({ length: availableParallelism() }, (_, cpu) => cpu);
}

function readFileIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
