import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findRenderNode, VIRTIO_GPU_DRIVER } from './render-node.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-drm-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A device as sysfs(5) shows it: its driver is a link. */
function device(path: string, driver: string): void {
  mkdirSync(join(directory, path), { recursive: true });
  symlinkSync(`../../../../bus/drivers/${driver}`, join(directory, path, 'driver'));
}

test('findRenderNode() finds by driver, and of several the one with the lowest number', () => {
  device('renderD128/device', 'amdgpu');
  device('renderD1000/device', 'virtio_gpu');
  device('renderD129/device', 'virtio_gpu');
  device('card0/device', 'virtio_gpu');
  expect(findRenderNode(VIRTIO_GPU_DRIVER, directory)).toBe('/dev/dri/renderD129');
});

test('findRenderNode() finds a virtio-gpu below a device of PCI', () => {
  device('renderD128/device', 'virtio-pci');
  device('renderD128/device/virtio3', 'virtio_gpu');
  expect(findRenderNode(VIRTIO_GPU_DRIVER, directory)).toBe('/dev/dri/renderD128');
});

test('findRenderNode() finds none where no driver fits, and none without devices', () => {
  device('renderD128/device', 'i915');
  mkdirSync(join(directory, 'renderD129'));
  expect(findRenderNode(VIRTIO_GPU_DRIVER, directory)).toBeUndefined();
  expect(findRenderNode(VIRTIO_GPU_DRIVER, join(directory, 'nothing'))).toBeUndefined();
});
