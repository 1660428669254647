import type { BootStep } from '@muvm/protocol';
import type { PublishedPorts } from '../config/published-ports.ts';

export type VmState = 'starting' | 'running' | 'stopping';

/** What is told of a start while it lasts. */
export type ProgressEvent = PhaseEvent | NoticeEvent | StepEvent;

/** A boot step of the guest, told when all are over. */
export interface StepEvent {
  readonly step: BootStep;
}

/** What the user must know though the VM starts, as a sentence without a period. */
export interface NoticeEvent {
  readonly notice: string;
}

/** A phase of the start that was reached. */
export interface PhaseEvent {
  readonly phase: 'supervisor' | 'virtual machine' | 'init' | 'agent' | 'ready';
  /** Milliseconds since the client that started the VM began. */
  readonly atMs: number;
}

/** What `muvm --status --json` prints of a VM. */
export interface VmStatus {
  readonly name: string;
  readonly state: VmState;
  readonly driver: string;
  readonly acceleration: string | undefined;
  readonly kernelRelease: string | undefined;
  readonly supervisorPid: number;
  /** Of the process that is the virtual machine. */
  readonly vmmPid: number | undefined;
  /** Processes beside it, by name. */
  readonly helperPids: Readonly<Record<string, number>>;
  readonly startedAt: string;
  readonly uptimeS: number;
  readonly memoryMib: number | undefined;
  readonly cpus: readonly number[];
  /** Ports of the host that lead to the guest. */
  readonly publishedPorts: readonly PublishedPorts[];
  readonly commands: { readonly attached: number; readonly detached: number; readonly started: number };
  /** Resident memory of the agent in the guest. */
  readonly agentRssBytes: number | undefined;
  readonly phases: readonly PhaseEvent[];
  readonly bootSteps: readonly BootStep[];
}
