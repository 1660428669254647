import { expect, test } from '@jest/globals';
import { GPU_MODE_FLAGS, type GpuMode } from './gpu-flags.ts';

test.each<[GpuMode, number]>([
  ['drm', 0x583],
  ['venus', 0x3c3],
  ['software', 0x183],
])('the flags of "%s" are those of the Rust muvm', (mode, flags) => {
  expect(GPU_MODE_FLAGS[mode]).toBe(flags);
});
