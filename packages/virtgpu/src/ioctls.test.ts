import { expect, test } from '@jest/globals';
import { VIRTGPU_IOCTLS } from './ioctls.ts';

// As the macros of drm/virtgpu_drm.h and drm/drm.h make them, on x86-64 and aarch64 alike.
const NUMBERS = {
  map: 0xc0106441,
  execute: 0xc0286442,
  parameter: 0xc0106443,
  resourceInfo: 0xc0106445,
  capabilities: 0xc0186449,
  createBlob: 0xc030644a,
  initContext: 0xc010644b,
  closeHandle: 0x40086409,
  exportHandle: 0xc00c642d,
  importHandle: 0xc00c642e,
};

test('VIRTGPU_IOCTLS have the numbers of the kernel, without a sign', () => {
  const numbers = Object.entries(VIRTGPU_IOCTLS).map(([name, { number }]) => [name, number]);
  expect(Object.fromEntries(numbers)).toEqual(NUMBERS);
});
