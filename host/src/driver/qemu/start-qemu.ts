import { join } from 'node:path';
import { arch } from 'node:process';
import { Deferred, deadline, inScope, type Scope } from '@muvm/lifetime';
import { createHostSerialLink, type Link } from '@muvm/link';
import { knob } from '@muvm/log/knobs';
import { type Helper, spawnHelper } from '@muvm/process';
import type { VmPlan } from '../../config/vm-plan.ts';
import { kernelFile } from '../../kernel/index.ts';
import { findFirmware } from '../../libraries/index.ts';
import { cardAddress, type Network, type NetworkPeer, openNetwork } from '../../network/index.ts';
import { VM_FILES, type VmFile } from '../../vm/run-directory.ts';
import type { DriverContext, RunningVm } from '../driver.ts';
import { endedOrAborted } from '../guest/ended-or-aborted.ts';
import { openGuestConsole } from '../guest/guest-console.ts';
import { type GuestMachine, writeGuestFiles } from '../guest/guest-files.ts';
import { defaultMemoryMib } from '../guest/memory-size.ts';
import { withNetwork } from '../guest/with-network.ts';
import { readKernel } from '../libkrun/index.ts';
import { pinnedTo } from '../pinned-to.ts';
import { probeKvm } from '../probe-kvm.ts';
import { type QemuMachine, type QemuNetwork, renderQemuArguments } from './argv.ts';
import { howItEnded } from './how-it-ended.ts';
import { findQemu, findVirtiofsd } from './parts.ts';
import { canEmulateInParallel, qemuVersion } from './qemu-version.ts';
import { connectQmp } from './qmp.ts';
import { serialRpc } from './serial-rpc.ts';
import { tscKhz } from './tsc-frequency.ts';
import { requireUserNetworkTakes } from './user-network.ts';
import { startVirtiofsd } from './virtiofsd.ts';

// Where QEMU finds the descriptor that it is given.
const NETWORK_FD = 3;

// How long QEMU gets to close the machine's files on "quit" before it is killed.
const QUIT_TIMEOUT_MS = 1000;

const GUEST: GuestMachine = {
  isFirst: true,
  transport: 'virtio-serial',
  environment: {},
  sharedMemoryTag: null,
  vsockPacketBytes: null,
};

/**
 * Boots the guest kernel on QEMU's microvm machine, with the host's `/` as its root file system.
 *
 * @throws MuvmError MISSING_PART, RUN_DIRECTORY
 */
export function startQemu(plan: VmPlan, context: DriverContext, signal: AbortSignal): Promise<RunningVm> {
  return inScope((scope) => assemble(plan, context, signal, scope));
}

async function assemble(plan: VmPlan, context: DriverContext, signal: AbortSignal, scope: Scope): Promise<RunningVm> {
  const programs = { qemu: findQemu(), virtiofsd: findVirtiofsd() };
  const { peer: network, publishedPorts } = await connectNetwork(plan, context, scope);
  const machine = await describeMachine(plan, context, {
    qemu: programs.qemu,
    network: describeNetwork(network, publishedPorts),
  });
  writeGuestFiles(plan, context, GUEST);
  const console = scope.use(openGuestConsole(context));
  const { virtiofsd, qemu } = await startPrograms({ ...programs, network }, machine, context, scope);
  console.read(qemu.stdout);
  const up = new Deferred<void>();
  const watch = { vmm: qemu, up: up.promise, onNotice: context.onNotice };
  const ended = withNetwork(howItEnded(qemu, virtiofsd, console.ending), network, watch);
  const stopped = endedOrAborted(ended, signal);
  const onLost = (reason: string) => context.log.warn(`connection to the guest's service ended: ${reason}`);
  const rpc = serialRpc(machine.sockets.rpc, onLost, stopped);
  up.resolve(rpc.up);
  scope.defer(() => quit(qemu, machine.sockets.qmp));
  return {
    acceleration: machine.acceleration,
    memoryMib: machine.memoryMib,
    cpus: machine.hostCpus,
    vmmPid: qemu.pid,
    get helperPids(): Record<string, number> {
      return { virtiofsd: virtiofsd.pid, ...network?.pids() };
    },
    filesPid: virtiofsd.pid,
    publishedPorts,
    rpc,
    link: linkOnFirstUse(machine, scope),
    ended,
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

function linkOnFirstUse({ sockets }: QemuMachine, scope: Scope): () => Link {
  let link: Link | undefined;
  return () => {
    link ??= scope.use(createHostSerialLink(sockets));
    return link;
  };
}

async function connectNetwork(plan: VmPlan, context: DriverContext, scope: Scope): Promise<Network> {
  const network = await openNetwork(plan.network, { ...context, vmmCanPublish: true }, scope);
  if (network.peer) return network;
  requireUserNetworkTakes(network.publishedPorts);
  context.onNotice('using QEMU\'s own network, as there is no "passt" in PATH: no IPv6, and slower');
  return network;
}

function describeNetwork(peer: NetworkPeer | undefined, publishedPorts: Network['publishedPorts']): QemuNetwork {
  const mac = cardAddress();
  return peer ? { kind: 'socket', fd: NETWORK_FD, mac } : { kind: 'user', publishedPorts, mac };
}

async function describeMachine(
  plan: VmPlan,
  { directory, bundleDirectory, log, emulation }: DriverContext,
  { qemu, network }: { readonly qemu: string; readonly network: QemuNetwork },
): Promise<QemuMachine> {
  const kvm = probeKvm();
  if (!kvm.usable) log.info(`no KVM: ${kvm.reason}; the processor is emulated`);
  const acceleration = kvm.usable ? 'kvm' : 'tcg';
  const at = (file: VmFile) => join(directory, VM_FILES[file]);
  const emulatesInParallel = canEmulateInParallel(await qemuVersion(qemu));
  return {
    arch: arch === 'arm64' ? 'arm64' : 'x64',
    acceleration,
    name: plan.name,
    cpuCount: plan.cpus?.length ?? (acceleration === 'kvm' || emulatesInParallel ? plan.fastCpus.length : 1),
    hostCpus: plan.cpus ?? plan.fastCpus,
    emulatesInParallel,
    memoryMib: plan.memoryMib ?? defaultMemoryMib(acceleration),
    kernelPath: await kernelFile(findFirmware(bundleDirectory), readKernel),
    initPath: at('initScript'),
    tscKhz: tscKhz(),
    sockets: {
      virtiofsd: at('virtiofsdSocket'),
      qmp: at('qmpSocket'),
      rpc: at('rpcSocket'),
      hostToGuest: at('hostToGuestSocket'),
      guestToHost: at('guestToHostSocket'),
    },
    network,
    disks: emulation.disks,
    extra: knob('MUVM_DEBUG_QEMU_ARGS')?.split(/\s+/) ?? [],
  };
}

interface Programs {
  readonly qemu: string;
  readonly virtiofsd: string;
  readonly network: NetworkPeer | undefined;
}

/** Both start in the same instant: QEMU's connection waits in the backlog until virtiofsd takes it. */
async function startPrograms(
  programs: Programs,
  machine: QemuMachine,
  { log }: DriverContext,
  scope: Scope,
): Promise<{ readonly virtiofsd: Helper; readonly qemu: Helper }> {
  const env = { PATH: process.env['PATH'] ?? '' };
  const args = renderQemuArguments(machine);
  log.info(`${programs.qemu} ${args.map((word) => (/[^\w@%+=:,./-]/.test(word) ? `'${word}'` : word)).join(' ')}`);
  const onLine = (name: string) => (line: string) => log.info(`${name}: ${line}`);
  const virtiofsd = scope.use(
    await startVirtiofsd(programs.virtiofsd, machine.sockets.virtiofsd, { env, onErrorLine: onLine('virtiofsd') }),
  );
  const [program, pinned] = pinnedTo(machine.hostCpus, programs.qemu, args);
  const descriptors = programs.network ? [programs.network.fd] : [];
  const qemu = scope.use(
    await spawnHelper({ name: 'QEMU', program, args: pinned, env, descriptors, onErrorLine: onLine('QEMU') }),
  );
  programs.network?.close();
  return { virtiofsd, qemu };
}

/** Ends a QEMU that still runs: by its own way out first, so that nothing it has written is lost. */
async function quit(qemu: Helper, qmpPath: string): Promise<void> {
  if (qemu.hasExited()) return;
  const timeout = AbortSignal.timeout(QUIT_TIMEOUT_MS);
  try {
    using qmp = await connectQmp(qmpPath, () => {}, timeout);
    await qmp.execute('quit');
    await deadline(qemu.exited, QUIT_TIMEOUT_MS, { what: 'QEMU did not quit' });
  } catch {
    // The signals that follow end it in any case.
  }
}
