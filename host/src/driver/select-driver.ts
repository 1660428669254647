import { reasonOf } from '@muvm/errors';
import type { VmPlan } from '../config/vm-plan.ts';
import type { Driver } from './driver.ts';
import { libkrunDriver, loadKrunParts } from './libkrun/index.ts';
import { probeKvm } from './probe-kvm.ts';
import { qemuDriver } from './qemu/index.ts';

export interface DriverChoice {
  readonly driver: Driver;
  /** Why it is not the better one, as a sentence. */
  readonly notice?: string;
}

/**
 * The driver of a plan. `auto` is libkrun where KVM really runs guests and the libraries load, else QEMU.
 */
export function selectDriver(plan: Pick<VmPlan, 'vmm' | 'libkrunPath'>, bundleDirectory: string): DriverChoice {
  if (plan.vmm === 'qemu') return { driver: qemuDriver };
  if (plan.vmm === 'libkrun') return { driver: libkrunDriver };
  const obstacle = libkrunObstacle(plan.libkrunPath, bundleDirectory);
  if (obstacle === undefined) return { driver: libkrunDriver };
  return { driver: qemuDriver, notice: `using QEMU instead of libkrun: ${obstacle}` };
}

/** The cheaper question first. */
function libkrunObstacle(libkrunPath: string | undefined, bundleDirectory: string): string | undefined {
  const kvm = probeKvm();
  if (!kvm.usable) return kvm.reason;
  try {
    loadKrunParts(bundleDirectory, libkrunPath);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
