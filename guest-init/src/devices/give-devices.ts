import { chmodSync, chownSync, lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { GuestConfig } from '@muvm/protocol/contract';
import { USER_DEVICES } from './user-devices.ts';

/** Everybody's, as on every distribution: FUSE asks for its own rights. */
const OPEN_DEVICES = ['/dev/fuse'] as const;

const OPEN_MODE = 0o666;

type User = Pick<GuestConfig['user'], 'uid' | 'gid'>;

/** Makes the user the owner of the devices that are there. @returns why nothing was done */
export function giveDevices({ user }: { readonly user: User }, root = '/'): string | undefined {
  const given = USER_DEVICES.flatMap((pattern) => matches(join(root, pattern)));
  for (const path of given) chownSync(path, user.uid, user.gid);
  for (const path of OPEN_DEVICES.map((each) => join(root, each)).filter(isThere)) chmodSync(path, OPEN_MODE);
  return given.length === 0 ? 'there are none' : undefined;
}

function matches(pattern: string): string[] {
  if (!pattern.endsWith('*')) return isThere(pattern) ? [pattern] : [];
  const [directory, prefix] = [dirname(pattern), basename(pattern).slice(0, -1)];
  return names(directory)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(directory, name))
    .filter((path) => !lstatSync(path).isDirectory());
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
