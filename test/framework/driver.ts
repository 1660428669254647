import type { SkipReason } from './skip.ts';

const DRIVERS = ['qemu', 'libkrun'] as const;

export type TestDriver = (typeof DRIVERS)[number];

/** The driver that this run of the suite is about: `MUVM_TEST_VMM`, else QEMU, which runs anywhere. */
export const TEST_DRIVER = wanted(process.env['MUVM_TEST_VMM'] || 'qemu');

function wanted(name: string): TestDriver {
  const driver = DRIVERS.find((each) => each === name);
  if (!driver) throw new RangeError(`Cannot test the driver "${name}" as it must be one of ${DRIVERS.join(', ')}`);
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

/** For a test of what is the same with every driver: the qemu suite is faster, and once is enough. */
export function onlyOnce(): SkipReason {
  return process.env['MUVM_TEST_FULL'] === '1' ? undefined : onlyDriver('qemu');
}

// A machine within an emulated machine, on a computer that has other work too.
const PATIENCE = TEST_DRIVER === 'libkrun' ? 4 : 1;

/** How long a test waits for what takes up to `timeoutMs` with QEMU, before it says that it never came. */
export function patient(timeoutMs: number): number {
  return timeoutMs * PATIENCE;
}

/**
 * How much of a great number a test does. With libkrun the suite runs in a machine within an emulated machine, where
 * everything takes about ten times as long; there it is a tenth, unless `MUVM_TEST_FULL=1` asks for all.
 */
export function scaled(full: number): number {
  return TEST_DRIVER === 'libkrun' && process.env['MUVM_TEST_FULL'] !== '1' ? Math.ceil(full / 10) : full;
}
