import { SERIAL_PORTS } from '@muvm/protocol';
import type { PublishedPorts } from '../../config/published-ports.ts';
import type { ImageDisk } from '../../emulation/index.ts';
import { userNetwork } from './user-network.ts';

/** What the command line of QEMU is made of; everything is known. */
export interface QemuMachine {
  readonly arch: 'x64' | 'arm64';
  readonly acceleration: 'kvm' | 'tcg';
  readonly name: string;
  readonly cpuCount: number;
  /** Numbers of the host CPUs that QEMU may run on. */
  readonly hostCpus: readonly number[];
  /** Whether the emulator gives each virtual CPU a thread of its own. */
  readonly emulatesInParallel: boolean;
  readonly memoryMib: number;
  readonly kernelPath: string;
  /** The first program, as the guest sees its path. */
  readonly initPath: string;
  /** Frequency of the host's time stamp counter. */
  readonly tscKhz: number;
  /** QEMU connects to the first, and listens on the others. */
  readonly sockets: {
    readonly virtiofsd: string;
    readonly qmp: string;
    readonly rpc: string;
    readonly hostToGuest: string;
    readonly guestToHost: string;
  };
  readonly network: QemuNetwork;
  readonly disks: readonly ImageDisk[];
  /** For debugging, added at the end. */
  readonly extra: readonly string[];
}

/** Where the frames of the network card go: a socket that QEMU is given, or QEMU's own user network. */
export type QemuNetwork = { readonly mac: string } & (
  | { readonly kind: 'socket'; readonly fd: number }
  | { readonly kind: 'user'; readonly publishedPorts: readonly PublishedPorts[] }
);

const MACHINES = {
  // No legacy devices but the real-time clock: without it the guest's wall clock starts in 1970.
  x64: 'microvm,acpi=off,rtc=on,isa-serial=off,auto-kernel-cmdline=on',
  arm64: 'virt,gic-version=max',
} as const;

/** What QEMU emulates of a processor under TCG. */
const EMULATED_CPU = {
  // Everything there is, SVM for nested guests among it; but copies by `rep movsb`, which ERMS and FSRM make the
  // kernel choose, are the slowest way to copy under TCG.
  x64: 'max,-erms,-fsrm',
  arm64: 'max',
} as const;

/** The arguments of QEMU, without its name. Values must not hold a comma: the run directory is checked for that. */
export function renderQemuArguments(machine: QemuMachine): string[] {
  const { arch, acceleration, name, cpuCount, memoryMib, sockets } = machine;
  return [
    ...['-name', `muvm-${name}`],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny'],
    ...['-accel', acceleration === 'kvm' ? 'kvm' : `tcg,thread=${machine.emulatesInParallel ? 'multi' : 'single'}`],
    ...['-cpu', acceleration === 'kvm' ? 'host' : EMULATED_CPU[arch]],
    ...['-smp', String(cpuCount)],
    ...['-m', `${memoryMib}M`],
    // virtiofsd works on the guest's memory itself, so it is a memfd that both share.
    ...['-object', `memory-backend-memfd,id=memory,size=${memoryMib}M,share=on`],
    ...['-machine', `${MACHINES[arch]},memory-backend=memory`],
    // The guest kernel and virtiofsd know version 1 of virtio alone.
    ...['-global', 'virtio-mmio.force-legacy=false'],
    ...['-kernel', machine.kernelPath, '-append', renderKernelCommandLine(machine)],
    ...['-qmp', `unix:${sockets.qmp},server=on,wait=off`],
    // The first device of virtio, as the guest names its ports by that number.
    ...['-chardev', 'stdio,id=console,signal=off', '-device', 'virtio-serial-device,max_ports=16'],
    ...['-device', 'virtconsole,chardev=console,nr=0'],
    ...serialPort(SERIAL_PORTS.rpc, sockets.rpc),
    ...serialPort(SERIAL_PORTS.hostToGuest, sockets.hostToGuest),
    ...serialPort(SERIAL_PORTS.guestToHost, sockets.guestToHost),
    ...['-chardev', `socket,id=root,path=${sockets.virtiofsd}`],
    ...['-device', 'vhost-user-fs-device,chardev=root,tag=root,queue-size=1024'],
    ...['-device', 'virtio-rng-device'],
    ...['-device', 'virtio-balloon-device,free-page-reporting=on'],
    ...networkCard(machine.network),
    ...machine.disks.flatMap(readOnlyDisk),
    ...machine.extra,
  ];
}

function networkCard(network: QemuNetwork): string[] {
  const peer = network.kind === 'socket' ? `socket,id=network,fd=${network.fd}` : userNetwork(network.publishedPorts);
  return ['-netdev', peer, '-device', `virtio-net-device,netdev=network,mac=${network.mac}`];
}

/** The image may be in use by other machines, none of which can write to it: it needs no lock. */
function readOnlyDisk({ id, path }: ImageDisk): string[] {
  const file = { driver: 'file', filename: path, locking: 'off' };
  const node = { driver: 'raw', 'node-name': id, 'read-only': true, file };
  return ['-blockdev', JSON.stringify(node), '-device', `virtio-blk-device,drive=${id},serial=${id}`];
}

function serialPort(port: { readonly name: string; readonly number: number }, path: string): string[] {
  // VSERPORT_CHANGE, which tells of a guest that closes the port, is only sent for a device with an id.
  const id = port.name.replace('.', '-');
  return [
    ...['-chardev', `socket,id=${id},path=${path},server=on,wait=off`],
    ...['-device', `virtserialport,id=${id},chardev=${id},name=${port.name},nr=${port.number}`],
  ];
}

export function renderKernelCommandLine({ arch, acceleration, tscKhz, initPath }: QemuMachine): string {
  return [
    'console=hvc0 quiet',
    // A guest that ends or panics resets the machine, and QEMU, told not to reboot, exits.
    'reboot=t panic=-1',
    'root=root rootfstype=virtiofs rw',
    ...(arch === 'x64' && acceleration === 'tcg' ? [emulatedClock(tscKhz), 'mitigations=off'] : []),
    ...(acceleration === 'tcg' ? [CLEAR_NEW_PAGES] : []),
    `init=${initPath}`,
  ].join(' ');
}

/**
 * virtiofsd writes file pages into guest memory unseen by TCG, which then runs the stale translation of a page's previous
 * code. The guest's own write to each new page makes TCG drop that translation (docs/decisions/0015-stale-translations.md).
 */
const CLEAR_NEW_PAGES = 'init_on_alloc=1';

/**
 * Under TCG the counter of the guest is the host's, but its calibration against the emulated timer fails at random,
 * and then the boot hangs; and a counter that is not called reliable leaves the guest a clock of 4 ms.
 */
function emulatedClock(tscKhz: number): string {
  return `tsc_early_khz=${tscKhz} tsc=reliable no_timer_check`;
}
