import { MuvmError, reasonOf } from '@muvm/errors';
import type { BootStep, GuestStatus } from '@muvm/protocol/contract';

/** What of the guest's report is passed on: it has a dozen steps, with a sentence each. */
const STEPS_MAX = 64;
const TEXT_LENGTH_MAX = 4096;

export interface BootListener {
  step(step: BootStep): void;
  /** Told of what the machine starts without, as a sentence without a period. */
  note(notice: string): void;
}

/**
 * Tells how each boot step of the guest went, and in a notice each that was tried in vain.
 *
 * @param ask asks the guest for its status @param onSilence told why it gave none: commands may run all the same
 * @returns why no command can run
 */
export async function reportBoot(
  ask: () => Promise<GuestStatus>,
  listener: BootListener,
  onSilence: (reason: string) => void,
): Promise<MuvmError | undefined> {
  let status: GuestStatus;
  try {
    status = await ask();
  } catch (error) {
    onSilence(reasonOf(error));
    return undefined;
  }
  for (const step of status.bootSteps.slice(0, STEPS_MAX).map(shortened)) {
    listener.step(step);
    // The last one to fail is the failure itself where there is one.
    if (step.failed && status.bootFailure === undefined) listener.note(noticeOf(step));
  }
  return status.bootFailure && failureOf(status.bootFailure);
}

function noticeOf({ name, skippedReason, hint }: BootStep): string {
  return `Boot step "${name}" of the guest failed: ${skippedReason}${hint === '' ? '' : `. ${hint}`}`;
}

function failureOf({ message, hint }: NonNullable<GuestStatus['bootFailure']>): MuvmError {
  return new MuvmError('BOOT_FAILED', short(message), { hint: short(hint) || undefined });
}

function shortened(step: BootStep): BootStep {
  return { ...step, name: short(step.name), skippedReason: short(step.skippedReason), hint: short(step.hint) };
}

function short(text: string): string {
  return text.slice(0, TEXT_LENGTH_MAX);
}
