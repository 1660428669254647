import { checked, libcFunction } from './libc.ts';

export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
}

/** System call numbers: asm/unistd_64.h on x86-64, asm-generic/unistd.h on aarch64. */
const SYSTEM_CALLS: Readonly<Record<string, { setgroups: number; setresuid: number; setresgid: number }>> = {
  x64: { setgroups: 116, setresuid: 117, setresgid: 119 },
  arm64: { setgroups: 159, setresuid: 147, setresgid: 149 },
};

// The C library's setuid(3) and friends change every thread of the process; the bare system calls change this one.
const native = {
  onIds: libcFunction('long syscall(long number, long first, long second, long third)'),
  onGroups: libcFunction('long syscall(long number, long count, void *groups)'),
};

/**
 * Calls `action`, which must not wait, with the rights of someone else: files it opens, pipes and terminals it makes
 * and processes it starts are theirs. Only the calling thread changes, and the saved user id 0 brings it back; execve(2)
 * overwrites that, so that a process started here cannot come back. Needs root, unless it would change nothing.
 */
export function runAs<T>(credentials: Credentials, action: () => T): T {
  const own = { gid: process.getegid?.() ?? 0, groups: process.getgroups?.() ?? [] };
  // Who is not root has no others to take, and root may have those of a user.
  if (process.geteuid?.() === credentials.uid && (credentials.uid !== 0 || isSame(own, credentials))) return action();
  setGroups(credentials.groups);
  setIds('setresgid', credentials.gid, own.gid);
  setIds('setresuid', credentials.uid, 0);
  try {
    return action();
  } finally {
    // What fails here would leave the thread half changed: nothing may run on after that.
    try {
      setIds('setresuid', 0, 0);
      setIds('setresgid', own.gid, own.gid);
      setGroups(own.groups);
    } catch (error) {
      process.stderr.write(`Cannot take the rights of root back: ${error}\n`);
      process.abort();
    }
  }
}

type Groups = Pick<Credentials, 'gid' | 'groups'>;

/** getgroups(2) may list the group of the process among the supplementary ones, or not. */
function isSame(one: Groups, other: Groups): boolean {
  const all = ({ gid, groups }: Groups) => [...new Set([gid, ...groups])].sort().join();
  return one.gid === other.gid && all(one) === all(other);
}

function numbers(): { setgroups: number; setresuid: number; setresgid: number } {
  const known = SYSTEM_CALLS[process.arch];
  if (known === undefined) throw new RangeError(`Cannot change credentials on the architecture "${process.arch}"`);
  return known;
}

function setIds(call: 'setresuid' | 'setresgid', id: number, saved: number): void {
  checked(call, native.onIds(numbers()[call], id, id, saved));
}

function setGroups(groups: readonly number[]): void {
  const list = Buffer.alloc(4 * Math.max(groups.length, 1));
  for (const [index, group] of groups.entries()) list.writeUInt32LE(group, 4 * index);
  checked('setgroups', native.onGroups(numbers().setgroups, groups.length, list));
}
