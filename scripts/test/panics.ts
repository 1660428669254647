import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS } from './suites.ts';

/** The file of a suite in which test/framework/warm-vm.ts notes each kernel panic of a guest that it starts once more. */
const PANICS = 'panics.txt';

/** Returns a line for each kernel panic that a second start hid, in all suites. */
export function readPanics(suites: readonly string[]): string[] {
  return suites
    .map((suite) => ({ suite, path: join(RESULTS, suite, PANICS) }))
    .filter(({ path }) => existsSync(path))
    .flatMap(({ suite, path }) =>
      readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => `${suite}: ${line}`),
    );
}
