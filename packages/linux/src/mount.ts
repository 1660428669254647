import { closeSync } from 'node:fs';
import { checked, libcFunction } from './libc.ts';

/** Flags of mount(2), from linux/mount.h. */
export const MOUNT_FLAGS = {
  readonly: 1 << 0,
  nosuid: 1 << 1,
  nodev: 1 << 2,
  noexec: 1 << 3,
  remount: 1 << 5,
  bind: 1 << 12,
  recursive: 1 << 14,
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
  openTree: libcFunction('long syscall(long number, long directory, const char *path, unsigned long flags)'),
  moveMount: libcFunction(
    'long syscall(long number, long from, const char *fromPath, long to, const char *toPath, unsigned long flags)',
  ),
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

// asm-generic/unistd.h; both are newer than the split of numbers, so x86-64 has the same. linux/mount.h, linux/fcntl.h
const SYS_OPEN_TREE = 428;
const SYS_MOVE_MOUNT = 429;
const OPEN_TREE_CLONE = 1;
const OPEN_TREE_CLOEXEC = 0o2000000;
const MOVE_MOUNT_F_EMPTY_PATH = 4;
const AT_FDCWD = -100;

/**
 * Shows the file `source` at `target` as well, by open_tree(2) and move_mount(2). Unlike with mount(2), a `target` that
 * is a symbolic link is not followed: the link itself is covered, wherever it leads, and what it leads to stays as it is.
 */
export function coverFile(source: string, target: string): void {
  const flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
  const tree = checked('open_tree', native.openTree(SYS_OPEN_TREE, AT_FDCWD, source, flags), source);
  try {
    const moved = native.moveMount(SYS_MOVE_MOUNT, tree, '', AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
    checked('move_mount', moved, target);
  } finally {
    closeSync(tree);
  }
}

/** sync(2): returns once all file systems have written what they hold. */
export function syncFileSystems(): void {
  native.sync();
}
