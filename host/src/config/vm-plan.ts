/** The ways a VM can be run. `auto` leaves the choice to the host's abilities. */
export const VMM_CHOICES = ['auto', 'libkrun', 'qemu'] as const;

export type VmmChoice = (typeof VMM_CHOICES)[number];

/** What a supervisor is started with. Once its VM runs, the plans of later callers change nothing about it. */
export interface VmPlan {
  readonly name: string;
  readonly vmm: VmmChoice;
  /** Undefined: the driver's default. */
  readonly memoryMib: number | undefined;
  /** Numbers of host CPUs, ascending, at least one. The guest gets one CPU for each. */
  readonly cpus: readonly number[];
  /** How long the VM lives after its last command. */
  readonly lingerMs: number;
  readonly verbose: boolean;
}
