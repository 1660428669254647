import { realpathSync } from 'node:fs';
import { errnoName, MuvmError, systemErrorReason } from '@muvm/errors';
import { systemError } from '@muvm/linux';
import { KRUN_FEATURES, KRUN_FUNCTIONS, type KrunFeature, type KrunFunction } from './functions.ts';
import { loadNativeLibrary, type NativeArgument, type NativeFunction, type NativeLibrary } from './native-library.ts';
import { lacksFunction, rejectWrongRelease } from './release.ts';

/** A libkrun, of any release from 1.9.5 up to 2. What it can do is asked by function and feature, never by version. */
export interface Libkrun {
  readonly path: string;
  has(name: KrunFunction): boolean;
  /**
   * Calls a function.
   *
   * @returns what it returns: 0 or more
   * @throws MuvmError MISSING_PART where the library has no such function; START_FAILED where it returns an error,
   * with the system error as its cause
   */
  call(name: KrunFunction, ...args: readonly NativeArgument[]): number;
  /** Whether it was built with a feature. Undefined: it is of a release that does not tell (before 1.17.3). */
  feature(name: KrunFeature): boolean | undefined;
}

const opened = new Map<string, Libkrun>();

/**
 * Loads libkrun, or gives the one that has been loaded from there already. Releases up to 1.10 are linked to
 * libkrunfw, so preload it first.
 *
 * @throws MuvmError MISSING_PART that tells what is wrong with it: missing, for another machine, lacks a library,
 * something else, too old, too new
 */
export function openLibkrun(path: string): Libkrun {
  const native = loadNativeLibrary(path);
  const file = realpathSync(path);
  const library = opened.get(file) ?? bindLibkrun(path, native);
  opened.set(file, library);
  return library;
}

/** A {@link Libkrun} over its native half. Each symbol is looked up once, when it is first asked for. */
export function bindLibkrun(path: string, native: NativeLibrary): Libkrun {
  const functions = new Map<KrunFunction, NativeFunction | undefined>();
  const find = (name: KrunFunction) => {
    if (!functions.has(name)) functions.set(name, native.find(KRUN_FUNCTIONS[name].prototype));
    return functions.get(name);
  };
  const library: Libkrun = {
    path,
    has: (name) => find(name) !== undefined,
    call(name, ...args) {
      const native = find(name);
      if (!native) throw lacksFunction(path, name);
      return checkedResult(name, native(...args));
    },
    feature: (name) => featureOf(name, find),
  };
  rejectWrongRelease(library);
  return library;
}

function checkedResult(name: KrunFunction, result: number): number {
  if (result >= 0) return result;
  const cause = systemError(name, -result);
  const reason = `${errnoName(-result)} (${systemErrorReason(cause)})`;
  throw new MuvmError('START_FAILED', `Cannot set up the machine as ${name} failed with ${reason}`, {
    cause,
    hint: failureHint(cause.code),
  });
}

function failureHint(code: string | undefined): string {
  if (code === 'ENOTSUP' || code === 'EOPNOTSUPP') return 'Install a libkrun that was built with this device.';
  return 'See "muvm --logs" for what libkrun itself says.';
}

type Find = (name: KrunFunction) => NativeFunction | undefined;

function featureOf(name: KrunFeature, find: Find): boolean | undefined {
  const answer = find('krun_has_feature')?.(KRUN_FEATURES[name]);
  if (answer !== undefined) return answer < 0 ? undefined : answer > 0;
  if (name === 'BLK') return find('krun_add_disk') !== undefined;
  if (name === 'NET') return networkOf(find);
  return undefined;
}

/**
 * krun_set_passt_fd tells nothing: until 1.14 it is there without network support too, and refuses when it is called.
 */
function networkOf(find: Find): boolean | undefined {
  if (find('krun_add_net_unixstream')) return true;
  return find('krun_set_passt_fd') ? undefined : false;
}
