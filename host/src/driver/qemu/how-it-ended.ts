import { once } from 'node:events';
import type { Helper, HelperExit } from '@muvm/process';

/** What the console told about the guest's end, if it did. */
export interface GuestEnding {
  sentence: string | undefined;
}

const PANIC = /Kernel panic - not syncing: (.*)$/;
// The first program says so, once: protocol/src/init-script.ts.
const AGENT_ENDED = /^muvm: agent ended with status (\d+)$/;
const SIGNAL_STATUS = 128;

/** Reads the reason for an end out of a console line. The first reason stays. */
export function noteGuestEnding(ending: GuestEnding, line: string): void {
  const panic = PANIC.exec(line)?.[1];
  if (panic !== undefined) ending.sentence ??= `Guest kernel panicked: ${panic}`;
  const status = Number(AGENT_ENDED.exec(line)?.[1] ?? 0);
  if (status > SIGNAL_STATUS) ending.sentence ??= `Agent in the guest was killed by signal ${status - SIGNAL_STATUS}`;
  else if (status > 0) ending.sentence ??= `Agent in the guest ended with status ${status}`;
}

// virtiofsd ends when QEMU is gone, and may be reaped before it.
const QEMU_FIRST_MS = 500;

/**
 * Waits for the end of the machine: that of QEMU, or that of virtiofsd, without which the guest has no files.
 *
 * @returns a sentence that names what ended first and how
 */
export async function howItEnded(qemu: Helper, virtiofsd: Helper, ending: GuestEnding): Promise<string> {
  const first = await Promise.race([qemu.exited, virtiofsd.exited.then((exit) => preferQemu(exit, qemu))]);
  await lastWords(qemu);
  return ending.sentence ?? first.sentence;
}

// What a guest says in the end is still on its way through the pipe when its machine has gone.
const LAST_WORDS_MS = 200;

async function lastWords({ stdout, hasExited }: Helper): Promise<void> {
  if (!hasExited() || stdout.readableEnded || stdout.destroyed) return;
  const timeout = AbortSignal.timeout(LAST_WORDS_MS);
  await once(stdout, 'close', { signal: timeout }).catch(() => {});
}

async function preferQemu(virtiofsdExit: HelperExit, qemu: Helper): Promise<HelperExit> {
  if (virtiofsdExit.signal) return virtiofsdExit;
  const later = new Promise<HelperExit>((resolve) => setTimeout(() => resolve(virtiofsdExit), QEMU_FIRST_MS).unref());
  return await Promise.race([qemu.exited, later]);
}
