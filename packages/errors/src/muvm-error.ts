import type { ErrorCode } from './codes.ts';
import { systemErrorReason } from './errno.ts';

// A brand, not instanceof: each bundle and each jest realm has a class of its own.
const BRAND = Symbol.for('muvm.error');

export interface MuvmErrorOptions {
  /** What to do next, as a whole sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An error a user can act on. `message` is one sentence that names the value and the wanted state, with no final period. */
export class MuvmError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, { hint, cause }: MuvmErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MuvmError';
    this.code = code;
    this.hint = hint;
  }
}

export function isMuvmError(error: unknown): error is MuvmError {
  return typeof error === 'object' && error !== null && BRAND in error;
}

/** The short reason of any thrown value, fit for the end of a sentence. */
export function reasonOf(error: unknown): string {
  if (isMuvmError(error)) return error.message;
  return systemErrorReason(error) ?? (error instanceof Error ? error.message : String(error));
}

/** Gives any thrown value the shape of a {@link MuvmError}; one that has it already passes unchanged. */
export function toMuvmError(error: unknown, code: ErrorCode, action: string, hint?: string): MuvmError {
  if (isMuvmError(error)) return error;
  return new MuvmError(code, `${action}: ${reasonOf(error)}`, { cause: error, hint });
}
