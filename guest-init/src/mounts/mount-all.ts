import { lstatSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { MuvmError, reasonOf } from '@muvm/errors';
import { mount } from '@muvm/linux';
import { MOUNTS, type MountRow } from './table.ts';

/** Mounts the table. @returns why optional rows were not mounted @throws MuvmError BOOT_FAILED for a required one */
export function mountAll(): string | undefined {
  const reasons = MOUNTS.map(mountRow).filter((reason) => reason !== undefined);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function mountRow(row: MountRow): string | undefined {
  // The parent is a file system of the guest by now, so the host does not see this directory.
  if (row.target.startsWith('/dev/')) mkdirSync(row.target, { recursive: true });
  if (!row.isRequired && !isRealDirectory(row.target)) return undefined;
  try {
    if (!isMounted(row)) mount(row);
    return undefined;
  } catch (error) {
    const sentence = `Cannot mount "${row.source}" on "${row.target}": ${reasonOf(error)}`;
    if (row.isRequired) throw new MuvmError('BOOT_FAILED', sentence, { cause: error });
    return sentence;
  }
}

/** The type alone would not do: to statfs(2) every directory of a devtmpfs is a tmpfs. */
function isMounted({ target, magic }: MountRow): boolean {
  return statSync(target).dev !== statSync(dirname(target)).dev && statfsSync(target).type === magic;
}

function isRealDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
