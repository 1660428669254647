/** Every environment variable that is for developers alone. None is needed in daily use; all are in docs/internals.md. */
export const KNOBS = {
  MUVM_DEBUG_QEMU_ARGS: 'More arguments for QEMU, split as words at white space',
  MUVM_DEBUG_KVM_DEVICE: 'A path to use in place of /dev/kvm',
  MUVM_DEBUG_VIRTIOFSD: 'The virtiofsd to use',
  MUVM_DEBUG_LIBKRUNFW: 'The libkrunfw.so.5 to take the guest kernel from',
} as const;

export type Knob = keyof typeof KNOBS;

export function knob(name: Knob, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env[name] || undefined;
}
