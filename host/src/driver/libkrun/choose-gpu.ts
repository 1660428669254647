import { accessSync, constants, readdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import { reasonOf } from '@muvm/errors';
import type { GpuWish } from '../../config/vm-plan.ts';
import type { Libkrun } from './library.ts';
import type { KrunMachine } from './machine.ts';

const RENDER_NODES = '/dev/dri';

export interface GpuChoice {
  readonly gpu: KrunMachine['gpu'];
  /** What is missing for more, as a sentence. */
  readonly notice: string | undefined;
}

/**
 * The GPU that a machine gets: the one that is wished for where library and host have it, else what is left of it. It
 * is never a reason not to start.
 */
export function chooseGpu(
  { path, feature }: Libkrun,
  wished: GpuWish = 'drm',
  nodeObstacle: () => string | undefined = renderNodeObstacle,
): GpuChoice {
  if (wished === 'off') return { gpu: null, notice: undefined };
  if (feature('GPU') === false) {
    const notice = `"${path}" was built without GPU support, so that programs render with the CPU and windows cannot share buffers`;
    return { gpu: null, notice };
  }
  // Buffers of the guest are mapped into this window, as many as the host has memory for.
  const windowBytes = totalmem();
  const obstacle = wished === 'software' ? undefined : nodeObstacle();
  if (obstacle === undefined) return { gpu: { mode: wished, windowBytes }, notice: undefined };
  return { gpu: { mode: 'software', windowBytes }, notice: `${obstacle}, so that programs render with the CPU` };
}

/** Why this host has no GPU that this user can use. */
export function renderNodeObstacle(directory = RENDER_NODES): string | undefined {
  const nodes = renderNodes(directory);
  if (nodes.length === 0) return `there is no GPU node "${directory}/renderD*"`;
  const reasons = nodes.map((node) => accessObstacle(`${directory}/${node}`));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function renderNodes(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^renderD\d+$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

function accessObstacle(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return `the GPU node "${path}" cannot be used: ${reasonOf(error)} (is this user in the group "render"?)`;
  }
}
