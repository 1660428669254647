/** The libraries that npm brings, for tests of the libkrun driver. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './repository.ts';
import { type SkipReason, testUnless } from './skip.ts';

const NODE_MODULES = join(REPOSITORY, 'node_modules');

/** libkrun 1.17.4, built with NET and BLK. Undefined: the package is not installed. */
export const npmLibkrun = libraryIn(`@earendil-works/gondolin-krun-runner-linux-${process.arch}`, 'libkrun.so.1');

/** libkrunfw.so.5. Undefined: the package is not installed. */
export const npmFirmware = libraryIn(`@superradcompany/microsandbox-linux-${process.arch}-gnu`, 'libkrunfw.so.5');

function libraryIn(name: string, prefix: string): string | undefined {
  const directory = join(NODE_MODULES, name, 'lib');
  const file = existsSync(directory) ? readdirSync(directory).find((each) => each.startsWith(prefix)) : undefined;
  return file && join(directory, file);
}

export function needsLibrary(library: string | undefined): SkipReason {
  return library === undefined ? 'the npm package with the library is not installed' : undefined;
}

/** A test with a library that npm brings. */
export function testWith(library: string | undefined, name: string, body: (path: string) => void): void {
  testUnless(needsLibrary(library), name, () => body(library as string));
}
