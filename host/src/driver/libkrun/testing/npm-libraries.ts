import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from '@jest/globals';

const NODE_MODULES = resolve(import.meta.dirname, '../../../../../node_modules');

/** The libkrun 1.17.4 that npm brings, built with NET and BLK. Undefined where it is not installed. */
export const npmLibkrun = libraryIn(`@earendil-works/gondolin-krun-runner-linux-${process.arch}`, 'libkrun.so.1');

/** The libkrunfw.so.5 that npm brings. */
export const npmFirmware = libraryIn(`@superradcompany/microsandbox-linux-${process.arch}-gnu`, 'libkrunfw.so.5');

function libraryIn(name: string, prefix: string): string | undefined {
  const directory = join(NODE_MODULES, name, 'lib');
  const file = existsSync(directory) ? readdirSync(directory).find((each) => each.startsWith(prefix)) : undefined;
  return file && join(directory, file);
}

/** A test with a library of npm's: skipped with its reason where there is none, failing with `MUVM_REQUIRE_ALL=1`. */
export function testWith(library: string | undefined, name: string, body: (path: string) => void): void {
  if (library !== undefined) {
    test(name, () => body(library));
  } else if (process.env['MUVM_REQUIRE_ALL'] === '1') {
    test(name, () => {
      throw new Error('This test must run, but the package of npm that has the library is not installed');
    });
  } else {
    test.skip(`${name} (skipped: the package of npm that has the library is not installed)`, () => body(''));
  }
}
