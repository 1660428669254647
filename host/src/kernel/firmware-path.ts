import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MuvmError } from '@muvm/errors';
import { knob } from '@muvm/log/knobs';

const LIBRARY_NAME = 'libkrunfw.so.5';

const MULTIARCH: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

function systemDirectories(): string[] {
  const multiarch = MULTIARCH[process.arch] ?? '';
  const roots = ['/usr/local/lib', '/usr/lib', '/lib'];
  return [...roots.flatMap((root) => [join(root, multiarch), `${root}64`, root]), '/usr/lib/libkrun'];
}

/**
 * Finds libkrunfw: a path given for debugging, the system's, the copy beside the installed program, then npm's.
 *
 * @throws MuvmError MISSING_PART
 */
export function findFirmware(bundleDirectory: string): string {
  const given = knob('MUVM_DEBUG_LIBKRUNFW');
  if (given) return given;
  const system = systemDirectories().map((directory) => join(directory, LIBRARY_NAME));
  const found =
    system.find((path) => existsSync(path)) ?? inDirectory(join(bundleDirectory, 'lib')) ?? npmCopy(bundleDirectory);
  if (found) return found;
  throw new MuvmError('MISSING_PART', `Cannot find "${LIBRARY_NAME}", which holds the kernel of the guest`, {
    hint: 'Install libkrunfw with the package manager of your system, or run "npm install" in the directory of muvm.',
  });
}

/** The npm package that carries libkrunfw; it names the library with its whole version. */
function npmCopy(bundleDirectory: string): string | undefined {
  const name = `@superradcompany/microsandbox-linux-${process.arch}-gnu`;
  return inDirectory(join(bundleDirectory, '..', 'node_modules', name, 'lib'));
}

function inDirectory(directory: string): string | undefined {
  try {
    const name = readdirSync(directory).find((entry) => entry.startsWith(LIBRARY_NAME));
    return name && join(directory, name);
  } catch {
    return undefined;
  }
}
