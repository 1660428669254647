import { lstatSync } from 'node:fs';
import { MuvmError } from '@muvm/errors';
import { SOCKET_PATH_BYTES_MAX } from '@muvm/linux';
import { GUEST_CPUS_MAX } from '../../config/vm-plan.ts';

// A u32 of krun_set_vm_config.
const MEMORY_MIB_MAX = 2 ** 32 - 1;
// VMADDR_PORT_ANY of linux/vm_sockets.h is no port.
const PORT_MAX = 2 ** 32 - 2;
// The kernel reads 2048 bytes of command line: libkrun's own words take 200 of them, each device 40.
const ENVIRONMENT_BYTES_MAX = 1024;

const MAC_BYTES = 6;

// On x86-64 libkrun has 11 interrupts for virtio devices (5 to 15), of which 8 are for those that each machine has.
const DISKS_MAX: Readonly<Record<string, number>> = { x64: 3 };

export function checkDiskCount(count: number, arch: string = process.arch): void {
  const most = DISKS_MAX[arch] ?? Number.POSITIVE_INFINITY;
  if (count > most)
    throw refusal(`${count} disks`, `a machine of libkrun takes at most ${most}`, 'Use fewer disk images.');
}

export function checkMachine(cpuCount: number, memoryMib: number): void {
  if (!isWithin(cpuCount, 1, GUEST_CPUS_MAX)) {
    throw refusal(
      `${cpuCount} CPUs`,
      `the guest's kernel takes 1 to ${GUEST_CPUS_MAX}`,
      'Choose fewer with --cpu-list.',
    );
  }
  if (!isWithin(memoryMib, 1, MEMORY_MIB_MAX)) {
    throw refusal(
      `${memoryMib} MiB of memory`,
      `it must be a whole number from 1 to ${MEMORY_MIB_MAX}`,
      'Use --mem MIB.',
    );
  }
}

/** A window of shared memory is 0 bytes or more, and a number that JavaScript holds exactly. */
export function checkWindow(windowBytes: number): void {
  if (!isWithin(windowBytes, 0, Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`Cannot use a window of ${windowBytes} bytes as it must be a whole number of 0 or more`);
  }
}

/** The address of one network card: 6 bytes, neither a group's (lowest bit of the first byte) nor all zero. */
export function checkMac(mac: Buffer): void {
  const isOfOneCard = mac.length === MAC_BYTES && ((mac[0] ?? 0) & 1) === 0 && mac.some((byte) => byte !== 0);
  if (isOfOneCard) return;
  const text = [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  throw new RangeError(`Cannot use "${text}" as a hardware address as it must be ${MAC_BYTES} bytes, not of a group`);
}

export interface VsockPort {
  readonly port: number;
  /** Path of a Unix socket on the host. */
  readonly path: string;
  /**
   * `toGuest`: libkrun makes the socket and connects to the guest. `toHost`: the guest connects, the socket is there.
   */
  readonly direction: 'toGuest' | 'toHost';
}

export function checkVsockPort({ port, path, direction }: VsockPort): void {
  const what = `"${path}" as the socket of port ${port}`;
  if (!isWithin(port, 1, PORT_MAX)) {
    throw new RangeError(`Cannot use port ${port} of the guest as it must be from 1 to ${PORT_MAX}`);
  }
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw refusal(
      what,
      `its path must have at most ${SOCKET_PATH_BYTES_MAX} bytes`,
      'Use a directory with a shorter name.',
    );
  }
  if (direction === 'toGuest' && lstatSync(path, { throwIfNoEntry: false })) {
    throw new MuvmError('RUN_DIRECTORY', `Cannot use ${what} as it is there already`, {
      hint: `Remove "${path}" if no program uses it any more.`,
    });
  }
}

/**
 * libkrun puts each variable between double quotes on the kernel's command line, and aborts where that is not
 * printable ASCII.
 */
export function checkGuestEnvironment(variables: readonly string[]): void {
  for (const variable of variables) {
    if (/^[!#-~]+=[ !#-~]*$/.test(variable)) continue;
    throw refusal(
      `${JSON.stringify(variable)} for the start of the guest`,
      'it must be NAME=value in printable ASCII without a double quote',
      'Use a directory whose name has such characters alone, by XDG_RUNTIME_DIR.',
    );
  }
  const bytes = variables.join('" "').length;
  if (bytes > ENVIRONMENT_BYTES_MAX) {
    throw new RangeError(
      `Cannot start the guest with ${bytes} bytes of variables as ${ENVIRONMENT_BYTES_MAX} is the most`,
    );
  }
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function refusal(what: string, reason: string, hint: string): MuvmError {
  return new MuvmError('USAGE', `Cannot use ${what} as ${reason}`, { hint });
}
