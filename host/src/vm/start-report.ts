import { type ErrorCode, isMuvmError, MuvmError, reasonOf } from '@muvm/errors';

/** The cap on a report: one line of JSON. */
export const REPORT_BYTES_MAX = 64 * 1024;

interface StartReport {
  readonly failure?: { readonly code: ErrorCode; readonly message: string; readonly hint?: string };
}

/** The one line that a supervisor writes to whoever started it: its sockets are there, or why they are not. */
export function renderStartReport(error?: unknown): string {
  const report: StartReport = error === undefined ? {} : { failure: describe(error) };
  return `${JSON.stringify(report)}\n`;
}

function describe(error: unknown): NonNullable<StartReport['failure']> {
  if (!isMuvmError(error)) return { code: 'START_FAILED', message: `Supervisor failed: ${reasonOf(error)}` };
  return { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) };
}

/** The failure that a report tells of, undefined where it tells of success. */
export function parseStartReport(line: string): MuvmError | undefined {
  const { failure } = JSON.parse(line) as StartReport;
  return failure && new MuvmError(failure.code, failure.message, { hint: failure.hint });
}
