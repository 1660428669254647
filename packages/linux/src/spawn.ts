import { constants } from 'node:fs';
import { loadKoffi } from './koffi.ts';
import { libcFunction, systemError } from './libc.ts';

// Sizes in spawn.h and bits/types/__sigset_t.h of glibc, on x86-64 and aarch64: 80, 336 and 128. We leave room.
const FILE_ACTIONS_BYTES = 128;
const ATTRIBUTES_BYTES = 512;
const SIGNAL_SET_BYTES = 128;
// spawn.h
const POSIX_SPAWN_SETSIGDEF = 0x04;
const POSIX_SPAWN_SETSIGMASK = 0x08;
const POSIX_SPAWN_SETSID = 0x80;

const native = {
  spawn: libcFunction(
    'int posix_spawn(_Out_ int *pid, const char *path, void *actions, void *attr, void *argv, void *env)',
  ),
  initActions: libcFunction('int posix_spawn_file_actions_init(void *actions)'),
  dup2: libcFunction('int posix_spawn_file_actions_adddup2(void *actions, int from, int to)'),
  open: libcFunction(
    'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, unsigned int mode)',
  ),
  chdir: libcFunction('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)'),
  freeActions: libcFunction('int posix_spawn_file_actions_destroy(void *actions)'),
  initAttributes: libcFunction('int posix_spawnattr_init(void *attr)'),
  setFlags: libcFunction('int posix_spawnattr_setflags(void *attr, short flags)'),
  setDefaults: libcFunction('int posix_spawnattr_setsigdefault(void *attr, void *signals)'),
  fillSet: libcFunction('int sigfillset(void *signals)'),
};

export interface SpawnRequest {
  /** The program: absolute, or relative to `workdir`. */
  readonly path: string;
  readonly argv: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  /** Descriptors that become 0, 1 and 2, or the path of a terminal that becomes all three and the controlling one. */
  readonly stdio: readonly [number, number, number] | string;
}

/**
 * Starts a program in a session of its own, with default signal actions and no signal blocked, by posix_spawn(3): unlike
 * fork(2) it copies no page tables of ours. The child has the credentials of the calling thread, see `runAs`. It is for
 * the caller to wait for it.
 *
 * @returns the process id, which is that of the session and of the process group too
 * @throws a system error where the program cannot be started
 */
export function spawnProcess(request: SpawnRequest): number {
  const actions = Buffer.alloc(FILE_ACTIONS_BYTES);
  must(native.initActions(actions));
  try {
    must(native.chdir(actions, request.workdir), request.workdir);
    redirect(actions, request.stdio);
    const argv = stringArray(request.argv);
    const env = stringArray(Object.entries(request.env).map(([name, value]) => `${name}=${value}`));
    const pid = [0];
    must(native.spawn(pid, request.path, actions, attributes(), argv.pointers, env.pointers), request.path);
    return pid[0] as number;
  } finally {
    native.freeActions(actions);
  }
}

function redirect(actions: Buffer, stdio: SpawnRequest['stdio']): void {
  if (typeof stdio !== 'string') {
    for (const [target, fd] of stdio.entries()) must(native.dup2(actions, fd, target));
    return;
  }
  // A session leader without a controlling terminal gets the first one that it opens, see credentials(7).
  must(native.open(actions, 0, stdio, constants.O_RDWR, 0), stdio);
  must(native.dup2(actions, 0, 1));
  must(native.dup2(actions, 0, 2));
}

let shared: Buffer | undefined;

function attributes(): Buffer {
  if (shared !== undefined) return shared;
  const attr = Buffer.alloc(ATTRIBUTES_BYTES);
  const signals = Buffer.alloc(SIGNAL_SET_BYTES);
  must(native.initAttributes(attr));
  must(native.setFlags(attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID));
  must(native.fillSet(signals));
  must(native.setDefaults(attr, signals));
  shared = attr;
  return attr;
}

/** A char *[] with its final null. OWNERSHIP: `strings` must live as long as `pointers` is used. */
function stringArray(values: readonly string[]): { pointers: Buffer; strings: Buffer } {
  const strings = Buffer.from(values.map((value) => `${value}\0`).join(''));
  const pointers = Buffer.alloc(8 * (values.length + 1));
  let address = strings.length === 0 ? 0n : loadKoffi().address(strings);
  for (const [index, value] of values.entries()) {
    pointers.writeBigUInt64LE(address, 8 * index);
    address += BigInt(Buffer.byteLength(value) + 1);
  }
  return { pointers, strings };
}

/** These functions return the error number, and leave errno alone. */
function must(errno: number, path?: string): void {
  if (errno !== 0) throw systemError('posix_spawn', errno, path);
}
