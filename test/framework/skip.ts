import { test } from '@jest/globals';
import { patient } from './driver.ts';

/** Why a test cannot run: "needs root", "xterm is not installed". Undefined: it can. */
export type SkipReason = string | undefined;

const TIMEOUT_MS = 10_000;

/**
 * Registers a test, or skips it. This is the only place that skips tests: the name of a skipped test ends with its
 * reason, which scripts/test/skips.ts compares with test/allowed-skips.json.
 *
 * @throws RangeError if the reason is empty
 */
export function testUnless(
  reason: SkipReason,
  name: string,
  body: () => void | Promise<void>,
  timeoutMs = TIMEOUT_MS,
): void {
  if (reason === undefined) {
    test(name, body, patient(timeoutMs));
  } else {
    if (reason === '') throw new RangeError(`Cannot skip "${name}": expected a reason, such as "needs root"`);
    test.skip(`${name} (skipped: ${reason})`, body);
  }
}
