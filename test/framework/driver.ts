import type { SkipReason } from './skip.ts';

const DRIVERS = ['qemu', 'libkrun'] as const;

export type TestDriver = (typeof DRIVERS)[number];

/** The driver under test: `MUVM_TEST_VMM`, else QEMU, which runs anywhere. */
export const TEST_DRIVER = wanted(process.env['MUVM_TEST_VMM'] || 'qemu');

function wanted(name: string): TestDriver {
  const driver = DRIVERS.find((each) => each === name);
  if (!driver) throw new RangeError(`Cannot test driver "${name}": expected one of ${DRIVERS.join(', ')}`);
  return driver;
}

/** The reason to skip a test here that the suite of another driver runs. scripts/test/skips.ts checks that it passed there. */
export function runsIn(driver: TestDriver): SkipReason {
  return `runs in the ${driver} suite`;
}

/** For a test of what only one driver has. */
export function onlyDriver(driver: TestDriver): SkipReason {
  return driver === TEST_DRIVER ? undefined : runsIn(driver);
}

/** Whether this is a run of `make test-long`, which does not scale numbers and runs every test with both drivers. */
export const IS_LONG = process.env['MUVM_TEST_LONG'] === '1';

/** For a test of what is the same with every driver: the qemu suite is faster, and once is enough. */
export function onlyOnce(): SkipReason {
  return IS_LONG ? undefined : onlyDriver('qemu');
}

// The libkrun suite runs in a VM in an emulated VM.
const PATIENCE = TEST_DRIVER === 'libkrun' ? 4 : 1;

/** How long a test waits for what takes up to `timeoutMs` with QEMU before it fails. */
export function patient(timeoutMs: number): number {
  return timeoutMs * PATIENCE;
}

/** A count or size of a test: a tenth of the full one, which `make test-long` takes. */
export function scaled(full: number): number {
  return IS_LONG ? full : Math.ceil(full / 10);
}
