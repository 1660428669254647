import { lstatSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { MuvmError, reasonOf } from '@muvm/errors';
import { MOUNT_FLAGS, mount, unmount } from '@muvm/linux';
import type { GuestConfig } from '@muvm/protocol/contract';
import { MOUNTS, type MountRow, sharedMemoryRow } from './table.ts';

/** Mounts the table, with the host's /dev/shm where the machine shares it. @returns why optional rows were not mounted @throws MuvmError BOOT_FAILED for a required one */
export function mountAll({ sharedMemoryTag }: Pick<GuestConfig, 'sharedMemoryTag'>): string | undefined {
  const reasons = tableFor(sharedMemoryTag)
    .map(mountRow)
    .filter((reason) => reason !== undefined);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function tableFor(sharedMemoryTag: string | null): readonly MountRow[] {
  if (sharedMemoryTag === null) return MOUNTS;
  const shared = sharedMemoryRow(sharedMemoryTag);
  return MOUNTS.map((row) => (row.target === shared.target ? shared : row));
}

function mountRow(row: MountRow): string | undefined {
  // The parent is a file system of the guest by now, so the host does not see this directory.
  if (/^\/(dev|run)\//.test(row.target)) mkdirSync(row.target, { recursive: true });
  if (!row.isRequired && !isRealDirectory(row.target)) return undefined;
  try {
    if (isMounted(row)) {
      if (row.isRemounted) mount({ ...row, flags: row.flags | MOUNT_FLAGS.remount });
      return undefined;
    }
    // libkrun's init puts a tmpfs where the host's /dev/shm belongs.
    if (row.type === 'virtiofs' && isMountPoint(row.target)) unmount(row.target);
    mount(row);
    // libkrun's init makes the root file system a shared mount, see mount_namespaces(7).
    if (row.isPrivate) mount({ ...row, source: 'none', flags: MOUNT_FLAGS.private });
    return undefined;
  } catch (error) {
    const sentence = `Cannot mount "${row.source}" on "${row.target}": ${reasonOf(error)}`;
    if (row.isRequired) throw new MuvmError('BOOT_FAILED', sentence, { cause: error });
    return sentence;
  }
}

/** The type alone would not do: to statfs(2) every directory of a devtmpfs is a tmpfs. */
function isMounted({ target, magic }: MountRow): boolean {
  return isMountPoint(target) && statfsSync(target).type === magic;
}

function isMountPoint(path: string): boolean {
  return statSync(path).dev !== statSync(dirname(path)).dev;
}

function isRealDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
