import type { Driver } from '../driver.ts';
import { QEMU_FEATURES } from './features.ts';
import { startQemu } from './start-qemu.ts';

/** QEMU: runs anywhere, with KVM where it is usable and by emulation where it is not. */
export const qemuDriver: Driver = {
  name: 'qemu',
  features: QEMU_FEATURES,
  start: startQemu,
};
