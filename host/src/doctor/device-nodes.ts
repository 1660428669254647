import { accessSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '@muvm/errors';

/** A device node of this host, and why this user cannot use it: undefined where it can be used. */
export interface DeviceNode {
  readonly name: string;
  readonly path: string;
  readonly obstacle: string | undefined;
}

/** The nodes of a directory whose names match, with the access that is asked for: R_OK, W_OK of access(2). */
export function deviceNodes(directory: string, pattern: RegExp, access: number): DeviceNode[] {
  return namesIn(directory)
    .filter((name) => pattern.test(name))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .map((name) => ({ name, path: join(directory, name), obstacle: accessObstacle(join(directory, name), access) }));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function accessObstacle(path: string, access: number): string | undefined {
  try {
    accessSync(path, access);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
