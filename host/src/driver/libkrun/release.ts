import type { MuvmError } from '@muvm/errors';
import { buildOptionOf, KRUN_FUNCTIONS, type KrunFunction } from './functions.ts';
import type { Libkrun } from './library.ts';
import { unusable } from './load-failure.ts';

// What every 1.x since 1.9.5 has and 2 has not, or not with this meaning.
const OF_RELEASE_1: readonly KrunFunction[] = [
  'krun_set_vm_config',
  'krun_set_console_output',
  'krun_set_env',
  'krun_start_enter',
];

const INSTALL_RELEASE_1 =
  'Install libkrun 1.19, or another 1.x from 1.9.5 on, beside it and name that one with --libkrun.';

/**
 * Refuses what is no libkrun that muvm can drive.
 *
 * @throws MuvmError MISSING_PART: something else, too old, too new, or a build that shares no directories
 */
export function rejectWrongRelease(library: Libkrun): void {
  const { path, has } = library;
  if (!has('krun_create_ctx')) {
    // Both of these outlive the first generation of the interface.
    const isKrun = has('krun_init_log') || has('krun_has_feature');
    throw isKrun ? tooNew(path) : unusable(path, 'it is not libkrun: it has no krun_create_ctx');
  }
  const sharesRoot = has('krun_set_root') || has('krun_add_virtiofs3');
  if (!sharesRoot && !has('krun_add_virtiofs')) {
    throw unusable(path, 'it is a build for confidential machines, which shares no directories with the guest');
  }
  if (!sharesRoot || OF_RELEASE_1.some((name) => !has(name))) throw tooNew(path);
  if (!has('krun_add_virtiofs2')) throw lacksFunction(path, 'krun_add_virtiofs2');
  if (library.feature('INIT_BLOB') === false) {
    throw unusable(path, "it was built without init-blob, so it has no first program for the guest's kernel");
  }
}

/** The refusal where a function is called that this libkrun does not have. */
export function lacksFunction(path: string, name: KrunFunction): MuvmError {
  const option = buildOptionOf(name);
  const wanted = `libkrun ${KRUN_FUNCTIONS[name].since} or later${option ? `, built with ${option}=1,` : ''} is needed`;
  return unusable(path, `it has no ${name}: ${wanted}`);
}

function tooNew(path: string): MuvmError {
  return unusable(path, 'it is libkrun 2 or later: libkrun 1.x is needed', INSTALL_RELEASE_1);
}
