import { existsSync } from 'node:fs';
import { arch } from 'node:process';
import { reasonOf } from '@muvm/errors';
import { tryKvm } from '@muvm/linux';
import { knob } from '@muvm/log/knobs';

/** Whether KVM really runs guests here, and if not, why and what to do. */
export type KvmAnswer =
  | { readonly usable: true }
  | { readonly usable: false; readonly reason: string; readonly hint: string };

/** What the probe looks at; replaced in tests. */
export interface KvmHost {
  readonly arch: string;
  readonly devicePath: string;
  exists(path: string): boolean;
  /** Makes a virtual machine with a CPU and drops it. @returns the version of the interface */
  tryKvm(devicePath: string): number;
}

const THIS_HOST: KvmHost = {
  arch,
  get devicePath() {
    return knob('MUVM_DEBUG_KVM_DEVICE') ?? '/dev/kvm';
  },
  exists: existsSync,
  tryKvm,
};

// KVM_API_VERSION of linux/kvm.h: the only one there has been since 2.6.22.
const API_VERSION = 12;

/**
 * Tells a KVM that runs our guests from one that merely answers. On x86-64 a paravirtual KVM (module `kvm_pvm`, found
 * on virtual machines without nested virtualization) opens, makes virtual machines and runs real-mode code, but
 * a 64-bit kernel hangs on it for ever. So there the hardware's own module must be the one that is loaded.
 * Takes a few milliseconds; runs no guest code.
 */
export function probeKvm(host: KvmHost = THIS_HOST): KvmAnswer {
  if (!host.exists(host.devicePath)) {
    return no(
      `"${host.devicePath}" does not exist`,
      'Turn on virtualization in the firmware, and load kvm_intel or kvm_amd.',
    );
  }
  const softwareKvm = host.arch === 'x64' ? softwareKvmReason(host) : undefined;
  if (softwareKvm) return no(softwareKvm, 'Turn on nested virtualization for this machine, if it is a virtual one.');
  try {
    const version = host.tryKvm(host.devicePath);
    if (version === API_VERSION) return { usable: true };
    return no(`"${host.devicePath}" speaks version ${version}, not ${API_VERSION}`, 'Use a current kernel.');
  } catch (error) {
    return no(`"${host.devicePath}" cannot be used: ${reasonOf(error)}`, hintFor(error));
  }
}

function softwareKvmReason({ exists }: KvmHost): string | undefined {
  if (exists('/sys/module/kvm_pvm'))
    return 'the loaded KVM is the paravirtual one (kvm_pvm), which cannot run our kernel';
  const hasHardwareModule = exists('/sys/module/kvm_intel') || exists('/sys/module/kvm_amd');
  return hasHardwareModule ? undefined : 'neither kvm_intel nor kvm_amd is loaded';
}

function hintFor(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'Add yourself to the group "kvm", then log in again.';
  if (code === 'EBUSY') return 'End the other virtualization program that holds the processor, such as VirtualBox.';
  return 'See the kernel log (dmesg) for what KVM says.';
}

function no(reason: string, hint: string): KvmAnswer {
  return { usable: false, reason, hint };
}
