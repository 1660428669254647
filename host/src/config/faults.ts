import { MuvmError } from '@muvm/errors';

/** Something that the user has to put right. */
export function fault(sentence: string, hint?: string): MuvmError {
  return new MuvmError('USAGE', sentence, { hint });
}

/** Throws all that was found, at once: one fault as it is, several as an AggregateError. */
export function throwFaults(faults: readonly MuvmError[]): void {
  if (faults.length === 1) throw faults[0];
  if (faults.length > 1) throw new AggregateError(faults, `Cannot use ${faults.length} of the settings`);
}

const QUOTED_LENGTH_MAX = 200;

/** A value as errors quote it: on one line, and not longer than anybody reads. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > QUOTED_LENGTH_MAX ? `${value.slice(0, QUOTED_LENGTH_MAX)}…` : value);
}
