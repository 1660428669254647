import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PANICS, RESULTS } from './suites.ts';

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
