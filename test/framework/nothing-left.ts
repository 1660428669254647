import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { patient } from './driver.ts';
import { muvmProcesses } from './processes.ts';
import type { Sandbox } from './sandbox.ts';
import { until } from './until.ts';

/** What of a sandbox's machines is still there, as lines to read. Empty when all is gone. */
export function leftovers({ directory, runRoot }: Sandbox): string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return [
    ...muvmProcesses(directory).map(({ pid, commandLine }) => `process ${pid}: ${commandLine.slice(0, 200)}`),
    ...filesBelow(runRoot).map((path) => `file ${path}`),
    ...mounts.filter((line) => line.includes(directory)).map((line) => `mount ${line}`),
  ];
}

function filesBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true }).map((name) => join(directory, String(name)));
  } catch {
    return [];
  }
}

/** Waits until no process, file or mount of the sandbox's machines is left. @throws Error that lists what is */
export async function expectNothingLeft(sandbox: Sandbox, withinMs = patient(5000)): Promise<void> {
  const isClear = await until(() => leftovers(sandbox).length === 0, withinMs);
  if (!isClear) throw new Error(`After ${withinMs} ms this is left:\n${leftovers(sandbox).join('\n')}`);
}
