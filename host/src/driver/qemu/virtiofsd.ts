import { execFile } from 'node:child_process';
import { closeSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { MuvmError } from '@muvm/errors';
import { listenUnix } from '@muvm/linux';
import { type Helper, type HelperOptions, spawnHelper } from '@muvm/process';

/** The one that came with QEMU up to 7.2 (C, needs root), or the project of its own that followed (Rust). */
export type VirtiofsdKind = 'c' | 'rust';

// Shares a tree at descriptor 3. A change of the host must show within a second, and yet a program must not be read anew
// each time it is started, which "auto" does: it drops a file's pages at every open (under emulation that makes a start
// five times as slow). The C one keeps them with "always", and is told to ask after changes each half second.
const ARGUMENTS: Readonly<Record<VirtiofsdKind, (isRoot: boolean) => readonly string[]>> = {
  c: () => [
    ...['--fd=3', '-o', 'source=/', '-o', 'sandbox=chroot', '-o', 'cache=always', '-o', 'timeout=0.5'],
    ...['-o', 'announce_submounts', '-o', 'xattr', '--thread-pool-size=0'],
  ],
  rust: (isRoot) => [
    ...['--fd=3', '--shared-dir=/', `--sandbox=${isRoot ? 'chroot' : 'none'}`, '--cache=auto'],
    ...['--announce-submounts', '--xattr', '--inode-file-handles=never', '--log-level=warn'],
  ],
};

/** @throws MuvmError MISSING_PART where this kind cannot run as this user */
export function virtiofsdArguments(kind: VirtiofsdKind, program: string, uid: number): readonly string[] {
  if (kind === 'rust' || uid === 0) return ARGUMENTS[kind](uid === 0);
  throw new MuvmError('MISSING_PART', `Cannot use "${program}" as user ${uid} as it runs as root alone`, {
    hint: 'Install the virtiofsd that is a program of its own (version 1.0 or later), which needs no root.',
  });
}

/** Asks a virtiofsd which kind it is: only the newer one knows this option. */
export async function virtiofsdKind(program: string, timeoutMs = 5000): Promise<VirtiofsdKind> {
  // The one inside QEMU's own directory never was another.
  if (program.includes('/qemu/')) return 'c';
  const { stdout } = await promisify(execFile)(program, ['--help'], { timeout: timeoutMs });
  return stdout.includes('--shared-dir') ? 'rust' : 'c';
}

/**
 * Starts virtiofsd on a socket that is there before it is, so that QEMU, started in the same instant, can connect.
 * Disposal ends it and removes the socket.
 */
export async function startVirtiofsd(
  program: string,
  socketPath: string,
  { env, onErrorLine }: Pick<HelperOptions, 'env' | 'onErrorLine'>,
): Promise<Helper> {
  const kind = await virtiofsdKind(program);
  const args = virtiofsdArguments(kind, program, process.getuid?.() ?? 0);
  const listener = listenUnix(socketPath);
  try {
    const options = { name: 'virtiofsd', program, args, env, descriptors: [listener] };
    const helper = await spawnHelper(onErrorLine ? { ...options, onErrorLine } : options);
    return {
      ...helper,
      async [Symbol.asyncDispose]() {
        await helper[Symbol.asyncDispose]();
        rmSync(socketPath, { force: true });
      },
    };
  } catch (error) {
    rmSync(socketPath, { force: true });
    throw error;
  } finally {
    closeSync(listener);
  }
}
