import { reasonOf } from '@muvm/errors';
import type { VmPlan } from '../config/vm-plan.ts';
import type { Driver } from './driver.ts';
import { libkrunDriver, loadKrunParts } from './libkrun/index.ts';
import { probeKvm } from './probe-kvm.ts';
import { qemuDriver } from './qemu/index.ts';

export interface DriverChoice {
  readonly driver: Driver;
  /** What the user must know of it: why it is not the better one, and what it lacks of what was asked for. */
  readonly notices: readonly string[];
}

/** What the choice looks at; replaced in tests. */
export interface DriverHost {
  /** Why libkrun cannot run here, as a sentence. Undefined where it can. */
  libkrunObstacle(libkrunPath: string | undefined): string | undefined;
}

/** The host that this runs on, with what is found from the directory of our bundles. */
export function thisDriverHost(bundleDirectory: string): DriverHost {
  return { libkrunObstacle: (libkrunPath) => libkrunObstacle(libkrunPath, bundleDirectory) };
}

/** The driver of a plan. `auto` is libkrun where KVM really runs guests and the libraries load, else QEMU. */
export function selectDriver(plan: Pick<VmPlan, 'vmm' | 'libkrunPath' | 'gpuMode'>, host: DriverHost): DriverChoice {
  const obstacle = plan.vmm === 'auto' ? host.libkrunObstacle(plan.libkrunPath) : undefined;
  const driver = plan.vmm === 'qemu' || obstacle !== undefined ? qemuDriver : libkrunDriver;
  const notices = obstacle === undefined ? [] : [`using QEMU instead of libkrun: ${obstacle}`];
  return { driver, notices: [...notices, ...lacks(plan, driver)] };
}

function lacks({ gpuMode }: Pick<VmPlan, 'gpuMode'>, { name, features }: Driver): string[] {
  if (gpuMode === undefined || gpuMode === 'off' || features.gpu) return [];
  return [`--gpu-mode ${gpuMode} has no effect, as the driver "${name}" has no GPU: use --vmm libkrun for one`];
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
