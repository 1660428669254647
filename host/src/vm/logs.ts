import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keptLogDirectory, runDirectory, VM_FILES } from './run-directory.ts';

export interface LogPaths {
  readonly supervisor: string;
  readonly console: string;
}

/** The logs of the VM that lives, else those that were kept of the last one that failed. */
export function logPaths(name: string): LogPaths {
  const live = runDirectory(name);
  const directory = existsSync(join(live, VM_FILES.supervisorLog)) ? live : keptLogDirectory(name);
  return { supervisor: join(directory, VM_FILES.supervisorLog), console: join(directory, VM_FILES.consoleLog) };
}
