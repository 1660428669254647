/** Makes a machine out of a kernel and a root directory: named steps, each timed, each required or optional. */
export { type BootedGuest, bootGuest } from './boot-guest.ts';
export type { BootStepPlan } from './run-boot.ts';
export { BOOT } from './steps.ts';
