import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { remember } from '../cache/index.ts';

const SHAPE = /^\d+\.\d+$/;
const TIMEOUT_MS = 10_000;

/** From 6.0 on QEMU reads from AT_FLAGS whether argv[0] is an argument of its own: linux-user/main.c. */
const MAJOR_MIN = 6;

/** Whether QEMU's emulator of programs understands a rule that keeps argv[0]; it is asked for its version, once. */
export async function takesArgv0(program: string): Promise<boolean> {
  const version = await remember(program, { question: 'qemu-user-version', shape: SHAPE }, async () => {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: TIMEOUT_MS });
    return /version (\d+\.\d+)/.exec(stdout)?.[1] ?? '0.0';
  }).catch(() => '0.0');
  return Number.parseInt(version, 10) >= MAJOR_MIN;
}
