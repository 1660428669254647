import { execFile } from 'node:child_process';
import { MuvmError, reasonOf } from '@muvm/errors';

/** A program that has said nothing by then is broken; it leaves time for the report. */
export const PROGRAM_TIMEOUT_MS = 1500;

export const REINSTALL_HINT = 'Install it again with the package manager of your system.';

const OUTPUT_BYTES_MAX = 65_536;

/**
 * The first line that a program prints when it is asked for its version. It is really run, so that one that lacks a
 * library is found out.
 *
 * @throws MuvmError MISSING_PART where it cannot be run, fails or does not answer
 */
export function programVersion(path: string, timeoutMs = PROGRAM_TIMEOUT_MS): Promise<string> {
  const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: OUTPUT_BYTES_MAX } as const;
  return new Promise((resolve, reject) => {
    execFile(path, ['--version'], options, (error, stdout, stderr) => {
      if (!error) return resolve(firstLine(stdout));
      const reason = error.killed ? `it did not answer within ${timeoutMs} ms` : failureOf(error, stderr);
      reject(
        new MuvmError('MISSING_PART', `Cannot run "${path} --version": ${reason}`, {
          cause: error,
          hint: REINSTALL_HINT,
        }),
      );
    });
  });
}

function failureOf(error: { readonly code?: unknown }, stderr: string): string {
  if (typeof error.code !== 'number') return reasonOf(error);
  return [`it ended with status ${error.code}`, firstLine(stderr)].filter((part) => part !== '').join(': ');
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0]?.trim() ?? '';
}
