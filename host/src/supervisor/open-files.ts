import { readdirSync, readFileSync, statSync } from 'node:fs';

/** How many descriptors a process has open, and how many it may have. */
export interface OpenFiles {
  readonly open: number;
  readonly limit: number;
}

/** The soft limit of a process for open files, from proc_pid_limits(5). @throws a system error where it is gone */
export function openFilesLimit(pid: number): number {
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

/**
 * The number of descriptors of a process. Where the kernel does not tell it (proc_pid_fd(5): since Linux 6.2 as the size of
 * the directory), those that are more than `countFrom` are counted; else the room for them, which is at least as many.
 *
 * @throws a system error where the process is gone
 */
export function countOpenFiles(pid: number, countFrom: number): number {
  const directory = `/proc/${pid}/fd`;
  const { size } = statSync(directory);
  if (size > 0) return size;
  const room = Number(/^FDSize:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  return room <= countFrom ? room : readdirSync(directory).length;
}
