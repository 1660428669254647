import type { Obstacle } from './requirements.ts';

const DRIVERS = ['qemu', 'libkrun'] as const;

export type TestDriver = (typeof DRIVERS)[number];

/** The driver that this run of the suite is about: `MUVM_TEST_VMM`, else QEMU, which runs anywhere. */
export const TEST_DRIVER = wanted(process.env['MUVM_TEST_VMM'] || 'qemu');

function wanted(name: string): TestDriver {
  const driver = DRIVERS.find((each) => each === name);
  if (!driver) throw new RangeError(`Cannot test the driver "${name}" as it must be one of ${DRIVERS.join(', ')}`);
  return driver;
}

/** For a test of what one driver alone has. */
export function driverObstacle(name: TestDriver): Obstacle {
  return name === TEST_DRIVER ? undefined : `it is about the driver "${name}"`;
}

/** For a test of what is the same with every driver: where machines are slow, once is enough. */
export function sameObstacle(): Obstacle {
  const isEnough = TEST_DRIVER === 'libkrun' && process.env['MUVM_TEST_FULL'] !== '1';
  return isEnough ? 'it is the same with both drivers, and tried with qemu' : undefined;
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
