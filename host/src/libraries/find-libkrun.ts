import { MuvmError } from '@muvm/errors';
import { findLibrary, ownDirectories, systemDirectories } from './places.ts';

const SONAME = 'libkrun.so.1';

/**
 * Finds libkrun: the one that is wished for, the system's, the copy of an installed muvm, the copy that npm brings.
 * Whether it can be used is for whoever opens it to say.
 *
 * @throws MuvmError MISSING_PART
 */
export function findLibkrun(bundleDirectory: string, wished: string | undefined): string {
  if (wished !== undefined) return wished;
  const found = findLibrary(SONAME, [...systemDirectories(), ...ownDirectories(bundleDirectory)]);
  if (found) return found;
  throw new MuvmError('MISSING_PART', `Cannot find "${SONAME}", which runs virtual machines on KVM`, {
    hint: 'Install libkrun with the package manager of your system, or name one with --libkrun.',
  });
}
