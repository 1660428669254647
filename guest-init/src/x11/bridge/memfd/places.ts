import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { type Mapping, readMappings } from '@muvm/linux';
import { PATH_START } from './memfd.ts';

/** What tells a memfd from every other file. The device alone does not, and neither does the inode. */
export interface Identity {
  readonly device: bigint;
  readonly inode: bigint;
}

/** A descriptor of a process. */
export interface Descriptor {
  readonly fd: number;
  readonly closesOnExec: boolean;
}

/** Where a process has a file. */
export interface Places {
  readonly mappings: readonly Mapping[];
  readonly descriptors: readonly Descriptor[];
}

/** More than programs may have by default is not looked through while a program is stopped. */
export const DESCRIPTORS_MAX = 65_536;
export const MAPPINGS_MAX = 64;

const O_CLOEXEC = 0o2000000;

/** @throws RangeError where there is more than may be looked at */
export function findPlaces(pid: number, tid: number, identity: Identity): Places {
  const mappings = readMappings(pid, tid, PATH_START).filter((mapping) => isMapped(mapping, identity));
  if (mappings.length > MAPPINGS_MAX) throw new RangeError(`Cannot move ${mappings.length} mappings of one memfd`);
  return { mappings, descriptors: findDescriptors(`/proc/${pid}/task/${tid}`, identity) };
}

/** The kernel's dev_t, as stat(2) has it: bits 8 to 19 and 32 up are the major number, the others the minor. */
function isMapped({ device, inode }: Mapping, identity: Identity): boolean {
  const minor = BigInt(device.minor);
  const whole = (BigInt(device.major) << 8n) | (minor & 0xffn) | ((minor & ~0xffn) << 12n);
  return inode === identity.inode && whole === identity.device;
}

function findDescriptors(task: string, identity: Identity): Descriptor[] {
  const names = readdirSync(`${task}/fd`);
  if (names.length > DESCRIPTORS_MAX) throw new RangeError(`Cannot look through ${names.length} descriptors`);
  return names
    .filter((name) => isOpen(`${task}/fd/${name}`, identity))
    .map((name) => ({ fd: Number(name), closesOnExec: closesOnExec(readFileSync(`${task}/fdinfo/${name}`, 'utf8')) }));
}

function isOpen(link: string, identity: Identity): boolean {
  // The text comes first: stat(2) of a file of a network share may wait for long.
  if (!readlinkSync(link).startsWith(PATH_START)) return false;
  const { dev, ino } = statSync(link, { bigint: true });
  return dev === identity.device && ino === identity.inode;
}

function closesOnExec(info: string): boolean {
  return (Number.parseInt(/^flags:\s*([0-7]+)/m.exec(info)?.[1] ?? '0', 8) & O_CLOEXEC) !== 0;
}
