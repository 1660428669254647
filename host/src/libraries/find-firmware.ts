import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { MuvmError } from '@muvm/errors';
import { knob } from '@muvm/log/knobs';
import { findLibrary, ownDirectories, systemDirectories } from './places.ts';

/** The libkrunfw of the kernel that muvm is tested with, and of every libkrun since 1.17. */
const CURRENT_SONAME = 'libkrunfw.so.5';

export interface FirmwareWish {
  /** The name by which a libkrun asks for it. */
  readonly soname?: string | undefined;
  /** That libkrun: what lies beside it fits it best. */
  readonly libkrunPath?: string | undefined;
}

/**
 * Finds libkrunfw, which carries the guest's kernel: beside libkrun, the system's, the copy of an installed muvm, the
 * copy that npm brings.
 *
 * @throws MuvmError MISSING_PART
 */
export function findFirmware(
  bundleDirectory: string,
  { soname = CURRENT_SONAME, libkrunPath }: FirmwareWish = {},
): string {
  const given = knob('MUVM_DEBUG_LIBKRUNFW');
  if (given) return given;
  const beside = libkrunPath === undefined ? [] : besideOf(libkrunPath);
  const found = findLibrary(soname, [...beside, ...systemDirectories(), ...ownDirectories(bundleDirectory)]);
  if (found) return found;
  throw new MuvmError('MISSING_PART', `Cannot find "${soname}", which holds the kernel of the guest`, {
    hint: 'Install libkrunfw with the package manager of your system, or run "npm install" in the directory of muvm.',
  });
}

/** The directory of a library, and the one that its links lead to. */
function besideOf(path: string): string[] {
  try {
    return [dirname(path), dirname(realpathSync(path))];
  } catch {
    // Nothing is there: whoever opens it tells.
    return [];
  }
}
