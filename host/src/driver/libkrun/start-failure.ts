import { MuvmError } from '@muvm/errors';
import { firmwareSoname } from './preload-firmware.ts';

/**
 * What it means that krun_start_enter returned: ENOENT for no libkrunfw, EINVAL for everything else it could not do.
 */
export function startFailure(libkrunPath: string, error: unknown): MuvmError {
  const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') {
    const firmware = firmwareName(libkrunPath);
    return new MuvmError('MISSING_PART', `Cannot start the machine as "${libkrunPath}" found no usable "${firmware}"`, {
      cause: error,
      hint: 'Install libkrunfw with the package manager of your system, or run "npm install" in the directory of muvm.',
    });
  }
  return new MuvmError('START_FAILED', `Cannot start the machine as libkrun could not build it (${code})`, {
    cause: error,
    hint: 'See "muvm --logs" for what libkrun itself says, and "muvm --doctor" for what this host lacks.',
  });
}

/** A second failure must not take the place of the first one. */
function firmwareName(libkrunPath: string): string {
  try {
    return firmwareSoname(libkrunPath) ?? 'libkrunfw';
  } catch {
    return 'libkrunfw';
  }
}
