import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether PATH has it. */
export function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => existsSync(join(directory, name)));
}
