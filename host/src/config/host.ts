import { readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isatty } from 'node:tty';
import { parseCpuRanges } from './cpu-list.ts';
import { currentDirectory } from './current-directory.ts';
import { pickFastCpus } from './fast-cpus.ts';
import { GUEST_CPUS_MAX } from './vm-plan.ts';

/** What resolving must know about this machine and its caller. Tests give a host of their own. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  /** Absolute. @throws MuvmError where the directory is gone */
  readonly workdir: () => string;
  /** Numbers of the CPUs that this process may use, ascending. */
  readonly cpus: () => readonly number[];
  /** Those of them that are fast, where the host has slow ones too: at most as many as a guest takes. */
  readonly fastCpus: () => readonly number[];
  /** @throws the system's error where that cannot be told */
  readonly isDirectory: (path: string) => boolean;
  /** Whether a Unix socket is there. */
  readonly isSocket: (path: string) => boolean;
  readonly isTerminal: (descriptor: 0 | 1 | 2) => boolean;
  /** Undefined where there is no such file. @throws the system's error where it cannot be read */
  readonly readFile: (path: string) => string | undefined;
}

export function thisHost(): Host {
  return {
    env: process.env,
    uid: process.geteuid?.() ?? -1,
    workdir: currentDirectory,
    cpus: allowedCpus,
    fastCpus: () => pickFastCpus(allowedCpus()).slice(0, GUEST_CPUS_MAX),
    isDirectory,
    isSocket: (path) => statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false,
    isTerminal: isatty,
    readFile: (path) => unlessMissing(() => readFileSync(path, 'utf8')),
  };
}

/** The affinity mask, from proc_pid_status(5). */
function allowedCpus(): readonly number[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  const ranges = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  const cpus = ranges === undefined ? undefined : parseCpuRanges(ranges);
  return cpus ?? Array.from({ length: availableParallelism() }, (_, cpu) => cpu);
}

function isDirectory(path: string): boolean {
  return unlessMissing(() => statSync(path))?.isDirectory() ?? false;
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
