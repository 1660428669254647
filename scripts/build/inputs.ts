import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED = /(^|\/)(node_modules|generated|results|traces)(\/|$)|\.test\.ts$|\.md$/;

/** A SHA-256 over the names and contents of files and directories, tests and generated files excluded, and Node's version. */
export function hashOfInputs(paths: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths.flatMap(filesBelow)) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  if (SKIPPED.test(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
