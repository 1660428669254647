import { expect, test } from '@jest/globals';
import type { GpuMode } from '../../config/vm-plan.ts';
import { GPU_MODE_FLAGS } from './gpu-flags.ts';

test.each<[GpuMode, number]>([
  ['drm', 0x583],
  ['venus', 0x3c3],
  ['software', 0x183],
])('the flags of "%s" are those that virglrenderer is known to work with', (mode, flags) => {
  expect(GPU_MODE_FLAGS[mode]).toBe(flags);
});
