import { spawnSync } from 'node:child_process';

/** Runs the body of a script. An error ends it with status 1 and one line that starts with the name of the script. */
export function runScript(name: string, body: () => Promise<void>): void {
  body().catch((error: unknown) => {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}

/** Runs a program to its end with this process's standard output and error. @throws Error if it fails */
export function run(program: string, args: readonly string[]): void {
  const { error, status, signal } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw new Error(`Cannot run "${program}": ${error.message}`);
  if (status !== 0) throw new Error(`"${[program, ...args].join(' ')}" ended with ${signal ?? `status ${status}`}`);
}
