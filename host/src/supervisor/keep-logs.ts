import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Copies the logs of a VM that failed out of its run directory, over those of the one before. */
export function keepLogs(runDirectory: string, directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(runDirectory).filter((name) => name.includes('.log'))) {
      copyFileSync(join(runDirectory, file), join(directory, file));
    }
  } catch {
    // Where the logs cannot be kept there is nothing left to tell it to.
  }
}
