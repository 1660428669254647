import { findFirmware, findLibkrun } from '../../libraries/index.ts';
import { type Libkrun, openLibkrun } from './library.ts';
import { firmwareSoname, preloadFirmware } from './preload-firmware.ts';

/** The two libraries, which fit each other. */
export interface KrunParts {
  readonly libkrun: Libkrun;
  readonly firmwarePath: string;
}

/**
 * Finds both libraries and loads them into this process, so that what is wrong with them is known before a machine is
 * started with them.
 *
 * @throws MuvmError MISSING_PART
 */
export function loadKrunParts(bundleDirectory: string, wishedPath: string | undefined): KrunParts {
  const libkrunPath = findLibkrun(bundleDirectory, wishedPath);
  const firmwarePath = findFirmware(bundleDirectory, { soname: sonameOf(libkrunPath), libkrunPath });
  preloadFirmware(firmwarePath);
  return { libkrun: openLibkrun(libkrunPath), firmwarePath };
}

/** Of a file that cannot be read, the loader tells more. */
function sonameOf(libkrunPath: string): string | undefined {
  try {
    return firmwareSoname(libkrunPath);
  } catch {
    return undefined;
  }
}
