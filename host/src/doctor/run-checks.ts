import { isMuvmError, reasonOf } from '@muvm/errors';
import { deadline } from '@muvm/lifetime';
import type { DriverName } from '../driver/driver.ts';
import { type Check, type Finding, problem } from './check.ts';

/** A finding, with what it is about. */
export interface Outcome extends Finding {
  readonly name: string;
  readonly neededBy: readonly DriverName[];
}

const TIMEOUT_MS = 2000;

/** Runs all checks at the same time. Never rejects: a check that throws, or does not end in time, is a problem. */
export function runChecks(checks: readonly Check[], timeoutMs = TIMEOUT_MS): Promise<Outcome[]> {
  return Promise.all(
    checks.map(async (check) => ({
      name: check.name,
      neededBy: check.neededBy,
      ...(await findingOf(check, timeoutMs)),
    })),
  );
}

async function findingOf(check: Check, timeoutMs: number): Promise<Finding> {
  try {
    const finding = Promise.resolve().then(() => check.run());
    return await deadline(finding, timeoutMs, { what: 'This part of the host did not answer' });
  } catch (error) {
    if (isMuvmError(error)) return problem(error.message, error.hint);
    return problem(`This could not be checked: ${reasonOf(error)}`, undefined);
  }
}
