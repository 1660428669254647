import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

const NOT_SOURCE = new Set(['node_modules', 'dist', 'generated', '.git', 'results']);

/** All files of the repository that people wrote, relative to its root. */
export function repositoryFiles(directory = '.'): string[] {
  return readdirSync(join(ROOT, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (NOT_SOURCE.has(entry.name)) return [];
    if (entry.isDirectory()) return repositoryFiles(path);
    return entry.isFile() ? [path] : [];
  });
}

/** The TypeScript that ships: no tests, no build. */
export function shippedSources(): string[] {
  return repositoryFiles().filter(
    (path) => /^(packages|protocol|host|guest-init)\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'),
  );
}

export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
