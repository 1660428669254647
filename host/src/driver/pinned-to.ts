import { findProgram } from '@muvm/process';

/**
 * Wraps a command so that it runs on some CPUs alone. taskset(1), not sched_setaffinity(2) afterwards: threads take over
 * the mask of the one that makes them.
 */
export function pinnedTo(
  cpus: readonly number[],
  program: string,
  args: readonly string[],
): [string, readonly string[]] {
  const taskset = findProgram(['taskset']);
  return taskset ? [taskset, ['--cpu-list', cpus.join(','), program, ...args]] : [program, args];
}
