import { join } from 'node:path';
import type { VmPlan } from '../../config/vm-plan.ts';
import type { ImageDisk } from '../../emulation/index.ts';
import { VM_FILES } from '../../vm/run-directory.ts';
import { defaultMemoryMib } from '../guest/memory-size.ts';
import type { KrunMachine } from './machine.ts';
import type { KrunParts } from './parts.ts';
import { vsockPorts } from './vsock-ports.ts';

const MIB = 1024 * 1024;

/** The tag under which the guest finds the host's /dev/shm. */
export const SHARED_MEMORY_TAG = 'devshm';

// What of the host's shared memory the guest can have mapped at the same time.
const SHARED_MEMORY_WINDOW_BYTES = 512 * MIB;

/** Beside the plan, what a machine is made of. */
export interface MachineInputs {
  readonly plan: VmPlan;
  readonly cpus: readonly number[];
  readonly directory: string;
  readonly parts: KrunParts;
  readonly gpu: KrunMachine['gpu'];
  readonly network: KrunMachine['network'];
  readonly disks: readonly ImageDisk[];
  readonly consoleFd: number;
}

export function describeMachine({ plan, cpus, directory, parts, ...rest }: MachineInputs): KrunMachine {
  return {
    ...rest,
    libkrunPath: parts.libkrun.path,
    firmwarePath: parts.firmwarePath,
    cpuCount: cpus.length,
    memoryMib: plan.memoryMib ?? defaultMemoryMib('kvm'),
    rootPath: '/',
    directories: [{ tag: SHARED_MEMORY_TAG, path: '/dev/shm/', daxWindowBytes: SHARED_MEMORY_WINDOW_BYTES }],
    vsockPorts: vsockPorts(directory),
    // All else is in that file: the kernel's command line has neither room nor quotes for it.
    guestEnvironment: [`KRUN_CONFIG=${join(directory, VM_FILES.krunInit)}`],
  };
}

/**
 * What libkrun's first program in the guest reads: keys at the top level, as both of its generations know them.
 *
 * Source: init/init.c of libkrun 1.x.
 */
export function renderInitConfig(directory: string): string {
  return JSON.stringify({ Cmd: [join(directory, VM_FILES.initScript)], WorkingDir: '/', Env: ['TERM=linux'] });
}
