import { readFileSync } from 'node:fs';
import type { MuvmError } from '@muvm/errors';
import type { BootStep, GuestStatus } from '@muvm/protocol/contract';
import type { Commands } from './commands.ts';

const KIB = 1024;

/** What `Status` answers. */
export function guestStatus(
  commands: Commands,
  { bootSteps, bootFailure }: { readonly bootSteps: readonly BootStep[]; readonly bootFailure?: MuvmError | undefined },
): GuestStatus {
  const memory = readFileSync('/proc/meminfo', 'latin1');
  return {
    kernelRelease: readFileSync('/proc/sys/kernel/osrelease', 'latin1').trim(),
    bootSteps: [...bootSteps],
    attachedCommands: commands.attachedCount,
    detachedCommands: commands.detachedCount,
    startedCommands: commands.startedCount,
    agentRssBytes: process.memoryUsage.rss(),
    memoryTotalBytes: memoryField(memory, 'MemTotal'),
    memoryAvailableBytes: memoryField(memory, 'MemAvailable'),
    bootFailure: bootFailure && { message: bootFailure.message, hint: bootFailure.hint ?? '' },
  };
}

/** A line of proc_meminfo(5), such as `MemTotal:        1024 kB`, in bytes. */
export function memoryField(memory: string, name: string): number {
  return Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(memory)?.[1] ?? 0) * KIB;
}
