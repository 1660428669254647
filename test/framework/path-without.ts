import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Sandbox } from './sandbox.ts';

/** A `PATH` that has every program of this one but those named: a directory of links. */
export function pathWithout(sandbox: Sandbox, ...names: readonly string[]): string {
  const directory = join(sandbox.directory, 'programs');
  mkdirSync(directory);
  const taken = new Set(names);
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of entriesOf(place)) {
      if (!taken.has(name)) symlinkSync(join(place, name), join(directory, name));
      taken.add(name);
    }
  }
  return directory;
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // A place that does not exist, or may not be read.
    return [];
  }
}
