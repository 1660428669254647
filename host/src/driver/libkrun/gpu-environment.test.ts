import { expect, test } from '@jest/globals';
import { gpuEnvironment } from './gpu-environment.ts';

const pc = { memoryBytes: 8192, compatible: [] };
const mac = { memoryBytes: 8192, compatible: ['apple,j313', 'apple,t8103', 'apple,arm-platform', ''] };

test('gpuEnvironment() gives the driver half of the host, or what is wished for', () => {
  expect(gpuEnvironment({ vramMib: undefined }, 'drm', pc)).toEqual({ HK_SYSMEM: '4096' });
  expect(gpuEnvironment({ vramMib: 2 }, 'software', pc)).toEqual({ HK_SYSMEM: '2097152' });
});

test('gpuEnvironment() names the driver that Mesa cannot tell by the virtual GPU', () => {
  const driver = (...args: Parameters<typeof gpuEnvironment>) => gpuEnvironment(...args)['MESA_LOADER_DRIVER_OVERRIDE'];
  expect(driver({ vramMib: 1 }, 'drm', mac)).toBe('asahi');
  expect(driver({ vramMib: 1 }, 'software', mac)).toBeUndefined();
  expect(driver({ vramMib: 1 }, 'venus', pc)).toBe('zink');
});
