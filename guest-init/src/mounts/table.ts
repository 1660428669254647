import { FILE_SYSTEM_MAGIC, MOUNT_FLAGS, type MountRequest } from '@muvm/linux';

const { nosuid, nodev, noexec, bind } = MOUNT_FLAGS;

export interface MountRow extends MountRequest {
  /** What statfs(2) says once it is mounted: a row that is there already, as under libkrun's init, is left alone. */
  readonly magic: number;
  /** Options that hold even where it is there already, as libkrun's init leaves terminals to root alone. */
  readonly isRemounted: boolean;
  /** What is mounted elsewhere later does not show under it. */
  readonly isPrivate: boolean;
  /** A row that is not required is skipped where its target is no directory of its own, such as a link. */
  readonly isRequired: boolean;
}

/**
 * The host's /dev/shm in the place of the guest's own: with DAX a mapping of a file is the same memory on both sides.
 *
 * @param tag the virtiofs tag that the VMM shares it under
 */
export function sharedMemoryRow(tag: string): MountRow {
  return row(tag, '/dev/shm', {
    type: 'virtiofs',
    magic: FILE_SYSTEM_MAGIC.virtiofs,
    flags: nosuid | nodev,
    data: 'dax=always',
  });
}

/**
 * What the guest has for itself, in this order. All else is the host's, /tmp included. Before a row is mounted its target
 * shows the host's, which is why only directories under /dev and, once it is the guest's, /run are ever made.
 */
export const MOUNTS: readonly MountRow[] = [
  // The kernel mounts it by itself where it is built so.
  row('devtmpfs', '/dev', { magic: FILE_SYSTEM_MAGIC.tmpfs, flags: nosuid, data: 'mode=755' }),
  row('proc', '/proc', { magic: FILE_SYSTEM_MAGIC.proc, flags: nosuid | nodev | noexec }),
  row('sysfs', '/sys', { magic: FILE_SYSTEM_MAGIC.sysfs, flags: nosuid | nodev | noexec }),
  // 5 is the group of terminals in every distribution; ptmxmode lets users open terminals of their own.
  row('devpts', '/dev/pts', {
    magic: FILE_SYSTEM_MAGIC.devpts,
    flags: nosuid | noexec,
    data: 'gid=5,mode=620,ptmxmode=666',
    isRemounted: true,
  }),
  row('tmpfs', '/dev/shm', { magic: FILE_SYSTEM_MAGIC.tmpfs, flags: nosuid | nodev, data: 'mode=1777' }),
  // Sockets and locks of the host's daemons mean nothing here.
  row('tmpfs', '/run', { magic: FILE_SYSTEM_MAGIC.tmpfs, flags: nosuid | nodev, data: 'mode=755' }),
  // The host's tree as it is, without what the guest mounts over it.
  row('/', '/run/muvm-host', {
    type: '',
    magic: FILE_SYSTEM_MAGIC.virtiofs,
    flags: bind,
    isPrivate: true,
    isRequired: false,
  }),
  row('/run', '/var/run', { type: '', magic: FILE_SYSTEM_MAGIC.tmpfs, flags: bind, isRequired: false }),
  // Servers of the guest must not meet the sockets of the host's.
  row('tmpfs', '/tmp/.X11-unix', {
    magic: FILE_SYSTEM_MAGIC.tmpfs,
    flags: nosuid | nodev,
    data: 'mode=1777',
    isRequired: false,
  }),
  row('binfmt_misc', '/proc/sys/fs/binfmt_misc', {
    magic: FILE_SYSTEM_MAGIC.binfmtMisc,
    flags: nosuid | nodev | noexec,
    isRequired: false,
  }),
  row('cgroup2', '/sys/fs/cgroup', {
    magic: FILE_SYSTEM_MAGIC.cgroup2,
    flags: nosuid | nodev | noexec,
    isRequired: false,
  }),
];

function row(source: string, target: string, rest: Partial<MountRow> & { magic: number; flags: number }): MountRow {
  return { source, target, type: source, data: '', isRemounted: false, isPrivate: false, isRequired: true, ...rest };
}
