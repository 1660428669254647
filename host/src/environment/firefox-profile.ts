import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Under `~/.mozilla/firefox`: a profile that is kept, for those who make this directory. */
const KEPT_PROFILE = 'muvm-profile';

/**
 * The profile directory for a Firefox in the guest, for `XRE_PROFILE_PATH`: Firefox refuses one that is not there. Without
 * one of the user's own it is a directory of the guest's, which makeRuntimeDirectories of the guest makes and which ends
 * with the machine.
 *
 * @returns undefined where the user has no Firefox
 */
export function firefoxProfile(home: string, uid: number): string | undefined {
  const own = join(home, '.mozilla/firefox');
  if (!isDirectory(own)) return undefined;
  const kept = join(own, KEPT_PROFILE);
  return isDirectory(kept) ? kept : `/run/user/${uid}/firefox`;
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
