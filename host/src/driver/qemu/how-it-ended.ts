import type { Helper, HelperExit } from '@muvm/process';
import { type GuestEnding, lastWords } from '../guest/guest-ending.ts';

// virtiofsd ends when QEMU is gone, and may be reaped before it.
const QEMU_FIRST_MS = 500;

/**
 * Waits for the end of the machine: that of QEMU, or that of virtiofsd, without which the guest has no files.
 *
 * @returns a sentence that names what ended first and how
 */
export async function howItEnded(qemu: Helper, virtiofsd: Helper, ending: GuestEnding): Promise<string> {
  const first = await Promise.race([qemu.exited, virtiofsd.exited.then((exit) => preferQemu(exit, qemu))]);
  if (qemu.hasExited()) await lastWords(qemu.stdout);
  return ending.sentence ?? first.sentence;
}

async function preferQemu(virtiofsdExit: HelperExit, qemu: Helper): Promise<HelperExit> {
  if (virtiofsdExit.signal) return virtiofsdExit;
  const later = new Promise<HelperExit>((resolve) => setTimeout(() => resolve(virtiofsdExit), QEMU_FIRST_MS).unref());
  return await Promise.race([qemu.exited, later]);
}
