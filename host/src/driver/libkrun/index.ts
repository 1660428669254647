import type { Driver } from '../driver.ts';
import { LIBKRUN_FEATURES } from './features.ts';
import { startLibkrun } from './start-libkrun.ts';

/** The one room that talks to libkrun's libraries: the driver, and the guest kernel's source for the other one. */
export { readKernel } from './firmware.ts';
export { loadKrunParts } from './parts.ts';
export { VMM_VARIABLES } from './vmm-environment.ts';

/** libkrun: runs on KVM alone, and shares memory and GPU with the host. */
export const libkrunDriver: Driver = {
  name: 'libkrun',
  features: LIBKRUN_FEATURES,
  start: startLibkrun,
};
