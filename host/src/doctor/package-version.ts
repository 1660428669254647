import { execFile } from 'node:child_process';

/** What asks a package manager for the version of an installed package, and prints it alone. */
export interface VersionQuestion {
  readonly program: string;
  readonly words: readonly string[];
}

/** A check of the doctor has 2 s for all of them. */
const TIMEOUT_MS = 450;
const OUTPUT_BYTES_MAX = 4096;
/** What every package manager calls a version, with what came before and after it (`1:1.3-1`). */
const VERSION = /^[\w.:+~-]+$/;

/** The version of a package, by the first question that has an answer. Undefined: none has. */
export async function packageVersion(questions: readonly VersionQuestion[]): Promise<string | undefined> {
  for (const question of questions) {
    const version = await ask(question);
    if (version !== undefined) return version;
  }
  return undefined;
}

function ask({ program, words }: VersionQuestion): Promise<string | undefined> {
  const options = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: OUTPUT_BYTES_MAX } as const;
  return new Promise((resolve) => {
    execFile(program, words, options, (error, stdout) => {
      const answer = stdout.trim().split(/\s+/).at(-1) ?? '';
      resolve(!error && VERSION.test(answer) ? answer : undefined);
    });
  });
}
