import type { DriverFeatures } from '../features.ts';

export const LIBKRUN_FEATURES: DriverFeatures = {
  emulation: false,
  sharedMemory: true,
  gpu: true,
  network: true,
  vsock: true,
  disks: true,
  freePageReporting: true,
  entropy: true,
};
