import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { GpuMode, VmPlan } from '../../config/vm-plan.ts';

const MIB = 1024 * 1024;

const SHARE_FOR_GPU = 0.5;

/** Names of the machine and its parts, each ended by a zero byte: devicetree specification, `compatible`. */
const COMPATIBLE_PATH = '/proc/device-tree/compatible';

interface GpuHost {
  readonly memoryBytes: number;
  /** What the machine is compatible with, where it says so. */
  readonly compatible: readonly string[];
}

/**
 * Variables for the GPU's driver in the guest: how much of the host's memory is its own, in bytes, and which driver it is
 * where Mesa cannot tell by the virtual GPU: Vulkan carries OpenGL too, and Apple's GPUs are not known by it.
 */
export function gpuEnvironment(
  { vramMib }: Pick<VmPlan, 'vramMib'>,
  mode: GpuMode,
  host: GpuHost = thisGpuHost(),
): Record<string, string> {
  const bytes = vramMib === undefined ? Math.floor(host.memoryBytes * SHARE_FOR_GPU) : vramMib * MIB;
  const driver = driverFor(mode, host);
  return { HK_SYSMEM: String(bytes), ...(driver === undefined ? {} : { MESA_LOADER_DRIVER_OVERRIDE: driver }) };
}

function driverFor(mode: GpuMode, { compatible }: GpuHost): string | undefined {
  if (mode === 'venus') return 'zink';
  return mode === 'drm' && compatible.includes('apple,arm-platform') ? 'asahi' : undefined;
}

function thisGpuHost(): GpuHost {
  let compatible: string[] = [];
  try {
    compatible = readFileSync(COMPATIBLE_PATH, 'latin1').split('\0');
  } catch {
    // A PC has no device tree.
  }
  return { memoryBytes: totalmem(), compatible };
}
