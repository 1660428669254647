import { spawnSync } from 'node:child_process';

/** Runs the body of a script, which may return the exit status. An error ends it with status 1 and one line that starts with the name of the script. */
export function runScript(name: string, body: () => Promise<unknown>): void {
  // A body that never settles must not pass for a success.
  process.exitCode = 1;
  body().then(
    (status) => {
      process.exitCode = typeof status === 'number' ? status : 0;
    },
    (error: unknown) => {
      const message = error instanceof Error ? error.message || error.stack : String(error);
      process.stderr.write(`${name}: ${message}\n`);
    },
  );
}

/** Runs a program to its end with this process's standard output and error. @throws Error if it fails */
export function run(program: string, args: readonly string[]): void {
  const { error, status, signal } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw new Error(`Cannot run "${program}": ${error.message}`);
  if (status !== 0) throw new Error(`"${[program, ...args].join(' ')}" ended with ${signal ?? `status ${status}`}`);
}
