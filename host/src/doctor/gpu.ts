import { constants, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { renderNodeObstacle } from '../driver/libkrun/choose-gpu.ts';
import { type Finding, note, ok, problem } from './check.ts';
import { type DeviceNode, deviceNodes } from './device-nodes.ts';

const NODES = '/dev/dri';
const CLASS = '/sys/class/drm';

/** The GPUs that programs can render with, and the kernel's driver of each. */
export function checkGpu(directory = NODES, classDirectory = CLASS): Finding {
  const nodes = deviceNodes(directory, /^renderD\d+$/, constants.R_OK | constants.W_OK);
  const obstacle = renderNodeObstacle(directory);
  if (nodes.length === 0 && obstacle) {
    return note(
      obstacle,
      'If this machine has a GPU, load its driver; else programs of the guest render with the CPU.',
    );
  }
  const text = nodes.map((node) => describe(node, classDirectory)).join('; ');
  if (obstacle === undefined) return ok(text);
  return problem(text, 'Add yourself to the group "render", or the one that owns the node, then log in again.');
}

function describe({ name, path, obstacle }: DeviceNode, classDirectory: string): string {
  const node = `"${path}" (driver ${driverOf(name, classDirectory) ?? 'unknown'})`;
  return obstacle === undefined ? `${node} can be read and written` : `${node} cannot be used: ${obstacle}`;
}

function driverOf(name: string, classDirectory: string): string | undefined {
  try {
    return basename(readlinkSync(join(classDirectory, name, 'device', 'driver')));
  } catch {
    return undefined;
  }
}
