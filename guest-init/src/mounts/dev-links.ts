import { lstatSync, symlinkSync } from 'node:fs';

/** What a devtmpfs lacks and every program expects, as udev(7) and null(4) have it. */
const DEV_LINKS: Readonly<Record<string, string>> = {
  '/dev/fd': '/proc/self/fd',
  '/dev/stdin': '/proc/self/fd/0',
  '/dev/stdout': '/proc/self/fd/1',
  '/dev/stderr': '/proc/self/fd/2',
};

/** Completes /dev, which must be the guest's own by now. */
export function linkDev(): undefined {
  for (const [link, target] of Object.entries(DEV_LINKS)) {
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(target, link);
  }
}
