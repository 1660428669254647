import { readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

const CLASS = '/sys/class/drm';
const NODES = '/dev/dri';

/** Linux's name of the driver of a virtio-gpu. */
export const VIRTIO_GPU_DRIVER = 'virtio_gpu';

/**
 * The path of the first render node, by number, of a driver. Undefined where there is none.
 *
 * The device of a virtio-gpu is the one on virtio's bus, whose driver it is. Where a driver is bound to PCI and virtio's
 * device is below it, the name of the virtio driver is found one level down.
 */
export function findRenderNode(driver: string, classDirectory = CLASS): string | undefined {
  const nodes = entries(classDirectory).filter((name) => /^renderD\d+$/.test(name));
  const numbered = nodes.sort((one, other) => Number(one.slice(7)) - Number(other.slice(7)));
  const found = numbered.find((name) => driversOf(join(classDirectory, name, 'device')).includes(driver));
  return found === undefined ? undefined : join(NODES, found);
}

function driversOf(device: string): string[] {
  const below = entries(device).filter((name) => /^virtio\d+$/.test(name));
  return [device, ...below.map((name) => join(device, name))].map(driverOf).filter((name) => name !== undefined);
}

function driverOf(device: string): string | undefined {
  try {
    return basename(readlinkSync(join(device, 'driver')));
  } catch {
    return undefined;
  }
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
