import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFacts {
  readonly pid: number;
  readonly commandLine: string;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process ended, or belongs to somebody else.
    return '';
  }
}

/** All processes of the host that can be read, zombies left out. */
export function processes(): ProcessFacts[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).flatMap((pid) => {
    const commandLine = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    return commandLine === '' ? [] : [{ pid, commandLine }];
  });
}

/** The processes whose command line or environment names a directory. */
export function muvmProcesses(directory: string): ProcessFacts[] {
  return processes().filter(
    ({ pid, commandLine }) =>
      pid !== process.pid && (commandLine.includes(directory) || read(`/proc/${pid}/environ`).includes(directory)),
  );
}

/** Resident memory. @returns undefined where the process is gone */
export function rssBytes(pid: number): number | undefined {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`));
  return match ? Number(match[1]) * 1024 : undefined;
}

/** Proportional set size: shared pages count by their share. @returns undefined where it cannot be read */
export function pssBytes(pid: number): number | undefined {
  const match = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`));
  return match ? Number(match[1]) * 1024 : undefined;
}

/** CPU time used so far, user and system, in seconds. */
export function cpuSeconds(pid: number): number {
  // proc_pid_stat(5): fields 14 and 15, counted from after the name, which may hold spaces and parentheses.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const TICKS_PER_SECOND = 100;
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}
