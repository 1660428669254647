import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The first of several programs that exists: each a name to look up in PATH or an absolute path.
 *
 * @returns its absolute path, or undefined
 */
export function findProgram(candidates: readonly string[], searchPath = process.env['PATH'] ?? ''): string | undefined {
  const directories = searchPath.split(delimiter).filter(isAbsolute);
  return candidates
    .flatMap((candidate) => (isAbsolute(candidate) ? [candidate] : directories.map((path) => join(path, candidate))))
    .find(isExecutableFile);
}
