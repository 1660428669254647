import { expect, test } from '@jest/globals';
import { npmLibkrun, testWith } from '../../../../test/framework/npm-libraries.ts';
import { KRUN_FUNCTIONS, type KrunFunction } from './functions.ts';
import { loadNativeLibrary } from './native-library.ts';
import { functionsOf } from './testing/act-release.ts';

const names = Object.keys(KRUN_FUNCTIONS) as KrunFunction[];

/** `1.9.5` → 1009005, which compares as a number. */
function order(release: string): number {
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number);
  return major * 1e6 + minor * 1e3 + patch;
}

test.each(names)('the prototype of %s declares it, with a result that can be negative', (name) => {
  expect(KRUN_FUNCTIONS[name].prototype).toMatch(new RegExp(`^int32_t ${name}\\(.*\\)$`));
});

test.each(['1.9.5', '1.10', '1.13', '1.15', '1.17', '1.17.3', '1.18', '1.19'])(
  'the table says of each function whether libkrun %s has it',
  (release) => {
    const said = names.filter((name) => order(KRUN_FUNCTIONS[name].since) <= order(release));
    expect(said.sort()).toEqual(functionsOf(release).sort());
  },
);

testWith(npmLibkrun, 'libkrun 1.17.4 of npm has what the table says', (path) => {
  const library = loadNativeLibrary(path);
  const has = names.filter((name) => library.find(KRUN_FUNCTIONS[name].prototype) !== undefined);
  expect(has).toEqual(names.filter((name) => order(KRUN_FUNCTIONS[name].since) <= order('1.17.4')));
});
