import { closeSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { MuvmError } from '@muvm/errors';
import { Deferred, inScope, type Scope } from '@muvm/lifetime';
import { createHostStreamLink, createUnixSocketLink, type Link } from '@muvm/link';
import { createPipe } from '@muvm/linux';
import { type Helper, type HelperExit, spawnHelper } from '@muvm/process';
import { STREAM_PORTS } from '@muvm/protocol/contract';
import type { VmPlan } from '../../config/vm-plan.ts';
import { cardAddress, type NetworkPeer } from '../../network/index.ts';
import { bundleArguments } from '../../vm/bundle-path.ts';
import { VM_FILES } from '../../vm/run-directory.ts';
import { parseStartReport, REPORT_BYTES_MAX } from '../../vm/start-report.ts';
import type { DriverContext, RunningVm } from '../driver.ts';
import { endedOrAborted } from '../guest/ended-or-aborted.ts';
import { openGuestConsole } from '../guest/guest-console.ts';
import { type GuestEnding, lastWords } from '../guest/guest-ending.ts';
import { writeGuestFiles } from '../guest/guest-files.ts';
import { withNetwork } from '../guest/with-network.ts';
import { pinnedTo } from '../pinned-to.ts';
import { probeKvm } from '../probe-kvm.ts';
import { chooseDisks } from './choose-disks.ts';
import { chooseGpu } from './choose-gpu.ts';
import { connectNetwork } from './connect-network.ts';
import { describeMachine, renderInitConfig, SHARED_MEMORY_TAG } from './describe-machine.ts';
import { gpuEnvironment } from './gpu-environment.ts';
import type { KrunMachine } from './machine.ts';
import { type KrunParts, loadKrunParts } from './parts.ts';
import { vmmEnvironment } from './vmm-environment.ts';
import { vsockPacketBytes } from './vsock-ports.ts';
import { vsockRpc } from './vsock-rpc.ts';

// The descriptors that the process is given, in this order.
const CONSOLE_FD = 3;
const NETWORK_FD = 4;

/**
 * Boots the guest in a process of its own that becomes the machine (krun_start_enter never returns).
 *
 * @throws MuvmError MISSING_PART, RUN_DIRECTORY
 */
export function startLibkrun(plan: VmPlan, context: DriverContext, signal: AbortSignal): Promise<RunningVm> {
  return inScope((scope) => assemble(plan, context, signal, scope));
}

async function assemble(plan: VmPlan, context: DriverContext, signal: AbortSignal, scope: Scope): Promise<RunningVm> {
  const cpus = plan.cpus ?? plan.fastCpus;
  const parts = loadKrunParts(context.bundleDirectory, plan.libkrunPath);
  requireKvm();
  const { peer: network, publishedPorts } = await connectNetwork(parts, plan.network, context, scope);
  const machine = prepare(plan, { parts, cpus, hasNetwork: network !== undefined }, context);
  const console = scope.use(openGuestConsole(context));
  const { vmm, output } = await spawnVmm(cpus, network, context, scope);
  console.read(output);
  const up = new Deferred<void>();
  const ended = withNetwork(howItEnded(vmm, output, console.ending), network, {
    vmm,
    up: up.promise,
    onNotice: context.onNotice,
  });
  const stopped = endedOrAborted(ended, signal);
  const vsock = scope.use(createUnixSocketLink(context.directory));
  const onLost = (reason: string) => context.log.warn(`connection to the guest's service ended: ${reason}`);
  const rpc = vsockRpc(vsock, onLost, stopped);
  up.resolve(rpc.up);
  return {
    acceleration: 'kvm',
    memoryMib: machine.memoryMib,
    cpus,
    vmmPid: vmm.pid,
    get helperPids(): Record<string, number> {
      return network?.pids() ?? {};
    },
    filesPid: vmm.pid,
    publishedPorts,
    rpc,
    link: linkOnFirstUse(vsock, scope),
    ended,
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

function linkOnFirstUse(vsock: Link, scope: Scope): () => Link {
  let link: Link | undefined;
  return () => {
    link ??= scope.use(createHostStreamLink(vsock, STREAM_PORTS));
    return link;
  };
}

interface Prepared {
  readonly parts: KrunParts;
  readonly cpus: readonly number[];
  readonly hasNetwork: boolean;
}

/** Writes all that the machine is started with into the run directory. */
function prepare(plan: VmPlan, { parts, cpus, hasNetwork }: Prepared, context: DriverContext): KrunMachine {
  const { directory, log } = context;
  log.info(`libkrun "${parts.libkrun.path}", libkrunfw "${parts.firmwarePath}"`);
  const { gpu, notice } = chooseGpu(parts.libkrun, plan.gpuMode);
  if (notice) context.onNotice(notice);
  const network = hasNetwork ? { fd: NETWORK_FD, mac: cardAddress() } : null;
  const disks = chooseDisks(parts.libkrun, context);
  const machine = describeMachine({ plan, cpus, directory, parts, gpu, network, disks, consoleFd: CONSOLE_FD });
  const environment = gpu ? gpuEnvironment(plan, gpu.mode) : {};
  writeGuestFiles(plan, context, {
    isFirst: false,
    transport: 'vsock',
    environment,
    sharedMemoryTag: SHARED_MEMORY_TAG,
    vsockPacketBytes: vsockPacketBytes(parts.libkrun),
  });
  writeFileSync(join(directory, VM_FILES.krunInit), renderInitConfig(directory), { mode: 0o600 });
  writeFileSync(join(directory, VM_FILES.krunMachine), JSON.stringify(machine, undefined, 2), { mode: 0o600 });
  return machine;
}

function requireKvm(): void {
  const kvm = probeKvm();
  if (kvm.usable) return;
  const hint = `${kvm.hint} Or use --vmm qemu, which can do without KVM.`;
  throw new MuvmError('MISSING_PART', `Cannot use the driver "libkrun" as ${kvm.reason}`, { hint });
}

interface Vmm {
  readonly vmm: Helper;
  /** The guest's console. */
  readonly output: Readable;
}

async function spawnVmm(
  cpus: readonly number[],
  network: NetworkPeer | undefined,
  { directory, log }: DriverContext,
  scope: Scope,
): Promise<Vmm> {
  const { readEnd, writeEnd } = createPipe();
  const output = new Socket({ fd: readEnd, readable: true, writable: false });
  scope.defer(() => void output.destroy());
  try {
    const words = [...bundleArguments('muvm-vmm'), join(directory, VM_FILES.krunMachine)];
    const [program, args] = pinnedTo(cpus, process.execPath, words);
    const vmm = await spawnHelper({
      name: 'libkrun',
      program,
      args,
      env: vmmEnvironment(),
      descriptors: network ? [writeEnd, network.fd] : [writeEnd],
      onErrorLine: (line) => log.info(`libkrun: ${line}`),
    });
    return { vmm: scope.use(vmm), output };
  } finally {
    closeSync(writeEnd);
    network?.close();
  }
}

/** Waits for the end of the machine. What its process reported, or the guest itself said, tells more than its status. */
async function howItEnded(vmm: Helper, output: Readable, ending: GuestEnding): Promise<string | MuvmError> {
  const report = reportOf(vmm.stdout);
  const exit = await vmm.exited;
  await lastWords(output);
  return (await report) ?? ending.sentence ?? describeEnd(exit);
}

const SIGNAL_STATUS = 128;

/** The process ends with the status of the guest's first program, as libkrun's init tells it. */
function describeEnd({ code, sentence }: HelperExit): string {
  if (code === null || code <= SIGNAL_STATUS) return sentence;
  return `First program of the guest was killed by signal ${code - SIGNAL_STATUS}`;
}

/** The failure that the process reported, if it did. */
async function reportOf(stdout: Readable): Promise<MuvmError | undefined> {
  let text = '';
  try {
    for await (const chunk of stdout) {
      text += chunk;
      if (text.length > REPORT_BYTES_MAX) return undefined;
    }
    return text === '' ? undefined : parseStartReport(text);
  } catch {
    return undefined;
  }
}
