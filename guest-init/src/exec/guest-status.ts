import { readFileSync } from 'node:fs';
import type { MuvmError } from '@muvm/errors';
import { type BootStep, GuestStatus, LIMITS } from '@muvm/protocol/contract';
import type { Commands } from './commands.ts';

const KIB = 1024;
/** Of a text of a status that is too long. */
const TEXT_LENGTH_MAX = 4096;

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

/** Encodes a status for a reply. One that exceeds LIMITS.replyBytes loses its boot steps and the ends of its texts. */
export function encodeStatus(status: GuestStatus): Uint8Array {
  const bytes = GuestStatus.encode(status).finish();
  if (bytes.length <= LIMITS.replyBytes) return bytes;
  const { bootFailure } = status;
  const short = (text: string) => text.slice(0, TEXT_LENGTH_MAX);
  const shortFailure = bootFailure && { message: short(bootFailure.message), hint: short(bootFailure.hint) };
  return GuestStatus.encode({ ...status, bootSteps: [], bootFailure: shortFailure }).finish();
}

/** A line of proc_meminfo(5), such as `MemTotal:        1024 kB`, in bytes. */
export function memoryField(memory: string, name: string): number {
  return Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(memory)?.[1] ?? 0) * KIB;
}
