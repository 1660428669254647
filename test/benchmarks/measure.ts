import { spawn } from 'node:child_process';

/** The middle one, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

export interface Command {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end. @returns how long that took, in ms. @throws Error where it fails */
export function timeCommand({ words, env }: Command): Promise<number> {
  const [program, ...args] = words as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(performance.now() - startedMs);
      else reject(new Error(`"${words.join(' ')}" ended with status ${code}`));
    });
  });
}

/**
 * Times several commands in turns, so that a noisy machine disturbs all of them alike.
 *
 * @returns the median of each, in ms
 */
export async function timeInTurns(commands: Readonly<Record<string, Command>>, rounds: number) {
  const times: Record<string, number[]> = {};
  for (const command of Object.values(commands)) await timeCommand(command);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, command] of Object.entries(commands)) {
      times[name] ??= [];
      times[name].push(await timeCommand(command));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}
