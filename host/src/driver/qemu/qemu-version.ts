import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { remember } from '../../cache/index.ts';

/** Major and minor version. */
export type QemuVersion = readonly [number, number];

const SHAPE = /^\d+\.\d+$/;
const TIMEOUT_MS = 10_000;

/** Asks a QEMU for its version, once; one that does not tell counts as the oldest. */
export async function qemuVersion(program: string): Promise<QemuVersion> {
  const answer = await remember(program, { question: 'qemu-version', shape: SHAPE }, async () => {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: TIMEOUT_MS });
    return /version (\d+\.\d+)/.exec(stdout)?.[1] ?? '0.0';
  });
  const [major = 0, minor = 0] = answer.split('.').map(Number);
  return [major, minor];
}

/**
 * Whether the emulator may give each virtual CPU a thread of its own. Before QEMU 8.1 one thread may translate a page
 * while another writes to it, and then keep the stale code: the guest kernel, which patches itself, panics in one of
 * fifty boots, and compilers that run in the guest are no safer.
 */
export function canEmulateInParallel([major, minor]: QemuVersion): boolean {
  return major > 8 || (major === 8 && minor >= 1);
}
