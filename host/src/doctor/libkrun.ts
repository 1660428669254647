import { KRUN_FEATURES, type KrunFeature } from '../driver/libkrun/functions.ts';
import { type Libkrun, openLibkrun } from '../driver/libkrun/library.ts';
import { firmwareSoname, preloadFirmware } from '../driver/libkrun/preload-firmware.ts';
import { findFirmware, findLibkrun } from '../libraries/index.ts';
import { type Circumstances, type Finding, note, ok } from './check.ts';

type Wish = Pick<Circumstances, 'bundleDirectory' | 'libkrunPath'>;

/** What a user may miss: the others are the inside of libkrun. */
const FEATURES = (Object.keys(KRUN_FEATURES) as KrunFeature[]).filter((name) => name !== 'INIT_BLOB');

/** Whether libkrun can be loaded, and what it was built with. @throws MuvmError MISSING_PART */
export function checkLibkrun({ bundleDirectory, libkrunPath }: Wish, open = openAfterFirmware): Finding {
  const library = open(findLibkrun(bundleDirectory, libkrunPath), bundleDirectory);
  const text = `"${library.path}" loads; ${describeFeatures(library)}`;
  if (library.feature('GPU') !== false) return ok(text);
  return note(text, 'Install a libkrun that was built with GPU=1 if programs of the guest are to use the GPU.');
}

/** Up to 1.10 libkrun is linked to libkrunfw. What is wrong with that one, its own check tells. */
function openAfterFirmware(path: string, bundleDirectory: string): Libkrun {
  try {
    preloadFirmware(findFirmwareOf(path, bundleDirectory));
  } catch {
    // Then it may load all the same.
  }
  return openLibkrun(path);
}

/** `built with NET, BLK, without GPU`, and which features it does not tell of. */
export function describeFeatures({ feature }: Pick<Libkrun, 'feature'>): string {
  const those = (answer: boolean | undefined) => FEATURES.filter((name) => feature(name) === answer).join(', ');
  const [having, lacking, untold] = [those(true), those(false), those(undefined)];
  return [having && `built with ${having}`, lacking && `without ${lacking}`, untold && `it does not tell of ${untold}`]
    .filter((part) => part !== '')
    .join(', ');
}

/** Whether the libkrunfw that libkrun would ask for can be loaded. @throws MuvmError MISSING_PART */
export function checkFirmware({ bundleDirectory, libkrunPath }: Wish, load = preloadFirmware): Finding {
  const path = findFirmwareOf(presentLibkrun({ bundleDirectory, libkrunPath }), bundleDirectory);
  load(path);
  return ok(`"${path}" loads, and has the kernel of the guest`);
}

function findFirmwareOf(libkrunPath: string | undefined, bundleDirectory: string): string {
  const soname = libkrunPath && firmwareSoname(libkrunPath);
  return findFirmware(bundleDirectory, { soname, libkrunPath });
}

/** Undefined where there is none that can be read: then libkrunfw is looked for without it. */
function presentLibkrun({ bundleDirectory, libkrunPath }: Wish): string | undefined {
  try {
    const path = findLibkrun(bundleDirectory, libkrunPath);
    firmwareSoname(path);
    return path;
  } catch {
    return undefined;
  }
}
