import { fstatSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { openVirtgpu } from './open-device.ts';

test('openVirtgpu() tells the path of what is not there', () => {
  expect(() => openVirtgpu('/dev/dri/nothing')).toThrow(
    expect.objectContaining({ code: 'ENOENT', path: '/dev/dri/nothing' }),
  );
});

test('a device that is no GPU refuses each ioctl by its name, and disposal closes it', () => {
  const device = openVirtgpu('/dev/zero');
  const refused = (syscall: string) => expect.objectContaining({ code: 'ENOTTY', syscall });
  const blob = { memory: 'guest', flags: 1, sizeBytes: 4096, blobId: 0n } as const;
  expect(() => device.parameter(1)).toThrow(refused('VIRTGPU_GETPARAM'));
  expect(() => device.capabilities(5, 0, 16)).toThrow(refused('VIRTGPU_GET_CAPS'));
  const context = { capsetId: 5, ringCount: 2, pollRingsMask: 2 };
  expect(() => device.initContext(context)).toThrow(refused('VIRTGPU_CONTEXT_INIT'));
  expect(() => device.createBlob(blob)).toThrow(refused('VIRTGPU_RESOURCE_CREATE_BLOB'));
  expect(() => device.map(1, 4096)).toThrow(refused('VIRTGPU_MAP'));
  expect(() => device.execute(Buffer.alloc(16), { handles: [1] })).toThrow(refused('VIRTGPU_EXECBUFFER'));
  expect(() => device.exportHandle(1)).toThrow(refused('PRIME_HANDLE_TO_FD'));
  expect(() => device.importHandle(1)).toThrow(refused('PRIME_FD_TO_HANDLE'));
  expect(() => device.resourceInfo(1)).toThrow(refused('VIRTGPU_RESOURCE_INFO'));
  expect(() => device.closeHandle(1)).toThrow(refused('GEM_CLOSE'));
  expect(() => device.readEvent()).toThrow('Cannot take an event of type 0x0');
  device[Symbol.dispose]();
  expect(() => fstatSync(device.fd)).toThrow('EBADF');
});
