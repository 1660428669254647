import type { DriverFeatures } from '../features.ts';

export const QEMU_FEATURES: DriverFeatures = {
  emulation: true,
  sharedMemory: false,
  gpu: false,
  network: true,
  vsock: false,
  disks: true,
  freePageReporting: true,
  entropy: true,
};
