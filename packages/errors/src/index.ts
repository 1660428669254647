/**
 * The one error that reaches a user: a code for programs, a sentence for people, a hint on what to do next, and the
 * cause it came from. Built-in errors (`TypeError`, `RangeError`) stay for mistakes of the programmer.
 */
export type { ErrorCode } from './codes.ts';
export { errnoName, systemErrorReason } from './errno.ts';
export { isMuvmError, MuvmError, type MuvmErrorOptions, reasonOf, toMuvmError } from './muvm-error.ts';
