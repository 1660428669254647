import { checked, libcFunction } from './libc.ts';

/** Flags of mount(2), from linux/mount.h. */
export const MOUNT_FLAGS = {
  nosuid: 1 << 1,
  nodev: 1 << 2,
  noexec: 1 << 3,
  remount: 1 << 5,
  bind: 1 << 12,
  private: 1 << 18,
} as const;

/** File system types by the `f_type` that statfs(2) gives, from linux/magic.h. */
export const FILE_SYSTEM_MAGIC = {
  proc: 0x9fa0,
  sysfs: 0x62656572,
  devpts: 0x1cd1,
  /** devtmpfs is a tmpfs to statfs(2). */
  tmpfs: 0x01021994,
  cgroup2: 0x63677270,
  binfmtMisc: 0x42494e4d,
  /** virtiofs is a FUSE file system to statfs(2). */
  virtiofs: 0x65735546,
} as const;

const native = {
  mount: libcFunction(
    'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
  ),
  umount: libcFunction('int umount(const char *target)'),
  sync: libcFunction('void sync()'),
};

export interface MountRequest {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  /** Sum of {@link MOUNT_FLAGS}. */
  readonly flags: number;
  /** Options of the file system, separated by commas. */
  readonly data: string;
}

/** mount(2). */
export function mount({ source, target, type, flags, data }: MountRequest): void {
  checked('mount', native.mount(source, target, type, flags, data), target);
}

/** umount(2). @throws a system error: EBUSY where a file of it is open */
export function unmount(target: string): void {
  checked('umount', native.umount(target), target);
}

/** sync(2): returns once all file systems have written what they hold. */
export function syncFileSystems(): void {
  native.sync();
}
