import { isMuvmError, MuvmError, reasonOf } from '@muvm/errors';
import type { BootStep, GuestConfig } from '@muvm/protocol/contract';
import type { Console } from '../console/index.ts';

/** One step. It may say why there was nothing to do. */
export interface BootStepPlan {
  readonly name: string;
  /** Whether commands can run without it. */
  readonly isRequired: boolean;
  run(config: GuestConfig): string | undefined;
}

export interface BootReport {
  readonly steps: readonly BootStep[];
  /** The first required step that failed; those after it were not done. */
  readonly failure: MuvmError | undefined;
}

/** Runs the steps in their order, up to the first required one that fails. Never throws. */
export function runBoot(plan: readonly BootStepPlan[], config: GuestConfig, console: Console): BootReport {
  const steps: BootStep[] = [];
  for (const step of plan) {
    const startedMs = performance.now();
    const { outcome, error } = attempt(step, config);
    const done = { name: step.name, durationMs: performance.now() - startedMs, ...outcome };
    steps.push(done);
    if (error !== undefined && step.isRequired) return { steps, failure: bootFailed(step.name, error) };
    console.tell(describeStep(done));
  }
  return { steps, failure: undefined };
}

/** The error that every client gets when a step failed without which no command can run. */
export function bootFailed(step: string, cause: unknown): MuvmError {
  return new MuvmError('BOOT_FAILED', `Cannot run commands as the boot step "${step}" failed: ${reasonOf(cause)}`, {
    hint: hintOf(cause) || 'Read the console of the machine with "muvm --logs".',
    cause,
  });
}

type Outcome = Pick<BootStep, 'skippedReason' | 'failed' | 'hint'>;

function attempt(step: BootStepPlan, config: GuestConfig): { outcome: Outcome; error?: unknown } {
  try {
    return { outcome: { skippedReason: step.run(config) ?? '', failed: false, hint: '' } };
  } catch (error) {
    return { outcome: { skippedReason: reasonOf(error), failed: true, hint: hintOf(error) }, error };
  }
}

function hintOf(error: unknown): string {
  return (isMuvmError(error) && error.hint) || '';
}

function describeStep({ name, durationMs, skippedReason, failed }: BootStep): string {
  const how = skippedReason === '' ? '' : `, ${failed ? 'failed' : 'skipped'}: ${skippedReason}`;
  return `${name} ${durationMs.toFixed(1)} ms${how}`;
}
