import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { MuvmError, toMuvmError } from '@muvm/errors';
import { SOCKET_PATH_BYTES_MAX } from '@muvm/linux';
import { currentUser } from '../user/index.ts';

/** Every file in the run directory of a VM. */
export const VM_FILES = {
  /** Held, by flock(2), for as long as anything of the VM lives. */
  lock: 'lock',
  /** What runs: written once, for people and for other tools. */
  facts: 'vm.json',
  /** gRPC: commands as the user, and as root of the guest. */
  userSocket: 'guest.sock',
  rootSocket: 'root.sock',
  /** HTTP and JSON: status, progress, stop. */
  controlSocket: 'control.sock',
  supervisorLog: 'supervisor.log',
  consoleLog: 'console.log',
  /** What the guest starts with. */
  guestConfig: 'guest.json',
  initScript: 'init',
  /** What the process that becomes the VM reads, and what libkrun's first program in the guest reads. */
  krunMachine: 'krun-machine.json',
  krunInit: 'krun-init.json',
  /** Between QEMU and its helpers. */
  virtiofsdSocket: 'virtiofsd.sock',
  qmpSocket: 'qmp.sock',
  rpcSocket: 'rpc.sock',
  hostToGuestSocket: 'h2g.sock',
  guestToHostSocket: 'g2h.sock',
} as const;

export type VmFile = keyof typeof VM_FILES;

// 0700: whoever may open the sockets is the user.
const PRIVATE_MODE = 0o700;

/** The directory of all VMs of this user: `$XDG_RUNTIME_DIR/muvm`, else `/tmp/muvm-UID`. */
export function runRoot(env: NodeJS.ProcessEnv = process.env): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  return runtime && isAbsolute(runtime) ? join(runtime, 'muvm') : `/tmp/muvm-${currentUser().uid}`;
}

export function runDirectory(name: string): string {
  return join(runRoot(), name);
}

export function vmFile(name: string, file: VmFile): string {
  return join(runDirectory(name), VM_FILES[file]);
}

/** Where the logs of the last VM of that name stay that ended with an error. */
export function keptLogDirectory(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const state = env['XDG_STATE_HOME'];
  return join(state && isAbsolute(state) ? state : join(currentUser(env).home, '.local', 'state'), 'muvm', name);
}

/**
 * Makes the run directory of a VM, or finds it fit for use.
 *
 * @throws MuvmError RUN_DIRECTORY where it belongs to somebody else, others may enter it, or it cannot be made
 */
export function ensureRunDirectory(name: string): string {
  const directory = runDirectory(name);
  checkSocketPaths(directory);
  for (const path of [runRoot(), directory]) {
    try {
      mkdirSync(path, { recursive: true, mode: PRIVATE_MODE });
    } catch (error) {
      const hint = 'Free some space there, or set XDG_RUNTIME_DIR to a directory of yours.';
      throw toMuvmError(error, 'RUN_DIRECTORY', `Cannot make the run directory "${path}"`, hint);
    }
    checkPrivate(path);
  }
  return directory;
}

/** @throws MuvmError RUN_DIRECTORY where the sockets of that run directory would have paths that are too long */
export function checkSocketPaths(directory: string): void {
  const longest = Math.max(...Object.values(VM_FILES).map((file) => Buffer.byteLength(join(directory, file))));
  if (longest <= SOCKET_PATH_BYTES_MAX) return;
  throw new MuvmError(
    'RUN_DIRECTORY',
    `Cannot use the run directory "${directory}" as its sockets would have paths of ${longest} bytes, at most ${SOCKET_PATH_BYTES_MAX} are possible`,
    { hint: 'Choose a shorter --name, or set XDG_RUNTIME_DIR to a shorter path.' },
  );
}

/** @throws MuvmError RUN_DIRECTORY where somebody else may enter the directory. One that is not there is fine. */
export function checkPrivate(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  // The janitor of an ended VM may remove it at any time; whoever takes the lock then starts anew.
  if (!stat) return;
  const { uid } = currentUser();
  if (stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0) return;
  const found = stat.isDirectory() ? `mode ${(stat.mode & 0o777).toString(8)}, owner ${stat.uid}` : 'not a directory';
  throw new MuvmError(
    'RUN_DIRECTORY',
    `Cannot use the run directory "${path}" as it must be a directory with mode 700 and owner ${uid}: it has ${found}`,
    { hint: `Remove "${path}", or set XDG_RUNTIME_DIR to a directory of yours.` },
  );
}

/** The names that have a run directory, whether their VM lives or not. */
export function namesWithRunDirectory(): string[] {
  try {
    const entries = readdirSync(runRoot(), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}
