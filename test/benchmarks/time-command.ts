import { spawn } from 'node:child_process';

export interface Command {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end. @returns how long that took, in ms. @throws Error if it fails */
export function timeCommand({ words, env }: Command): Promise<number> {
  const [program, ...args] = words as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve(performance.now() - startedMs);
      else reject(new Error(`"${words.join(' ')}" exited: ${signal ? `killed by ${signal}` : `status ${code}`}`));
    });
  });
}
