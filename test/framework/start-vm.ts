import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TEST_DRIVER } from './driver.ts';
import { RESULTS } from './repository.ts';
import { type MuvmOptions, type MuvmResult, runMuvm } from './run-muvm.ts';
import type { Sandbox } from './sandbox.ts';

/** How long a cold start of the qemu driver may take. */
export const BOOT_TIMEOUT_MS = 120_000;
// Longer than between two tests of a file; the VM of a killed run ends by itself.
const LINGER_SECONDS = 600;

interface StartOptions extends MuvmOptions {
  readonly lingerSeconds?: number;
}

/** Starts a VM that waits for the commands of tests. @throws Error with what muvm printed if it does not start */
export async function startVm(sandbox: Sandbox, args: readonly string[], options: StartOptions = {}): Promise<void> {
  const { status, stderr } = await startTwice(sandbox, args, options);
  if (status !== 0) throw new Error(`The VM did not start (status ${status}): ${stderr}`);
}

/** An emulator that emulates a VM in a VM makes a guest kernel panic now and then. The summary of the run counts these. */
async function startTwice(sandbox: Sandbox, args: readonly string[], options: StartOptions): Promise<MuvmResult> {
  const words = [...args, '--linger', `${options.lingerSeconds ?? LINGER_SECONDS}`, '--', 'true'];
  const start = () => runMuvm(sandbox, words, { timeoutMs: BOOT_TIMEOUT_MS, ...options });
  const first = await start();
  const mayBeTheEmulator = TEST_DRIVER === 'libkrun' && first.stderr.includes('Guest kernel panicked');
  if (first.status === 0 || !mayBeTheEmulator) return first;
  mkdirSync(RESULTS, { recursive: true });
  appendFileSync(join(RESULTS, 'panics.txt'), `${first.stderr.trim().replaceAll('\n', ' ')}\n`);
  process.stderr.write(`The VM is started once more: ${first.stderr}`);
  return start();
}
