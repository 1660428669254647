import { findProgram } from '@muvm/process';
import { type Finding, note, ok } from './check.ts';
import { programVersion } from './program-version.ts';

/** passt, which connects a guest to the network without root. @throws MuvmError MISSING_PART where it cannot be run */
export async function checkPasst(path: string | undefined = findProgram(['passt'])): Promise<Finding> {
  if (path !== undefined) return ok(`"${path}" runs: ${await programVersion(path)}`);
  return note(
    'There is no "passt" in PATH, which connects guests to the network without root',
    'Install it for that: "apt install passt", "dnf install passt" or "pacman -S passt".',
  );
}
