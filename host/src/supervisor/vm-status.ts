import type { VmPlan } from '../config/vm-plan.ts';
import type { PhaseEvent, VmState, VmStatus } from '../control/status.ts';
import type { RunningVm } from '../driver/index.ts';
import { guestStatus } from './guest-calls.ts';

/** What the supervisor knows of its VM at this moment. */
export interface StatusSources {
  readonly plan: VmPlan;
  readonly driverName: string | undefined;
  readonly vm: RunningVm | undefined;
  readonly state: VmState;
  readonly phases: readonly PhaseEvent[];
  readonly activeCalls: number;
}

/** The part of the status that is known without asking the guest. */
export type VmFacts = Omit<
  VmStatus,
  'state' | 'uptimeS' | 'commands' | 'kernelRelease' | 'agentRssBytes' | 'bootSteps'
>;

const STATUS_TIMEOUT_MS = 3000;

export function vmFacts({ plan, driverName, vm, phases }: StatusSources): VmFacts {
  return {
    name: plan.name,
    driver: driverName ?? plan.vmm,
    acceleration: vm?.acceleration,
    supervisorPid: process.pid,
    vmmPid: vm?.vmmPid,
    helperPids: vm?.helperPids ?? {},
    startedAt: new Date(performance.timeOrigin).toISOString(),
    memoryMib: vm?.memoryMib,
    cpus: vm?.cpus ?? plan.cpus ?? [],
    publishedPorts: vm?.publishedPorts ?? plan.network.publishedPorts,
    phases,
  };
}

/** The whole status; a guest that does not answer in time leaves its part out. */
export async function vmStatus(sources: StatusSources): Promise<VmStatus> {
  const { state, vm, activeCalls } = sources;
  const rpc = state === 'running' ? vm?.rpc : undefined;
  const guest = rpc && (await guestStatus(rpc, STATUS_TIMEOUT_MS).catch(() => undefined));
  return {
    ...vmFacts(sources),
    state,
    uptimeS: Math.round(performance.now() / 1000),
    kernelRelease: guest?.kernelRelease,
    agentRssBytes: guest?.agentRssBytes,
    bootSteps: guest?.bootSteps ?? [],
    commands: {
      attached: guest?.attachedCommands ?? activeCalls,
      detached: guest?.detachedCommands ?? 0,
      started: guest?.startedCommands ?? 0,
    },
  };
}
