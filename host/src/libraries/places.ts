import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const MULTIARCH: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** The npm packages that carry the libraries, as optional dependencies of muvm. */
const NPM_PACKAGES = [
  `@superradcompany/microsandbox-linux-${process.arch}-gnu`,
  `@earendil-works/gondolin-krun-runner-linux-${process.arch}`,
];

/** Where distributions put shared libraries, the administrator's own first. */
export function systemDirectories(): string[] {
  const multiarch = MULTIARCH[process.arch] ?? '';
  const roots = ['/usr/local/lib', '/usr/lib', '/lib'];
  return [...roots.flatMap((root) => [join(root, multiarch), `${root}64`, root]), '/usr/lib/libkrun'];
}

/** Where an installed muvm has its own copies, and where npm puts them in the repository. */
export function ownDirectories(bundleDirectory: string): string[] {
  const packages = NPM_PACKAGES.map((name) => join(bundleDirectory, '..', 'node_modules', name, 'lib'));
  return [join(bundleDirectory, 'lib'), ...packages];
}

/**
 * The first of the directories that has a library. In npm's packages its name goes on with the whole version
 * (`libkrunfw.so.5.6.1`).
 */
export function findLibrary(soname: string, directories: readonly string[]): string | undefined {
  for (const directory of directories) {
    const path = join(directory, soname);
    if (existsSync(path)) return path;
    const longer = namesIn(directory).find((name) => name.startsWith(`${soname}.`));
    if (longer) return join(directory, longer);
  }
  return undefined;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
