/** Where a part runs: on the host alone, or in a VM of a driver. */
export const TARGETS = ['host', 'qemu', 'libkrun'] as const;

export type Target = (typeof TARGETS)[number];

/** What the orchestrator needs to know of a part. */
export interface PartRow {
  readonly name: string;
  readonly targets: readonly Target[];
}
