import { MuvmError, reasonOf } from '@muvm/errors';
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
    const { skippedReason, error } = attempt(step, config);
    const durationMs = performance.now() - startedMs;
    steps.push({ name: step.name, durationMs, skippedReason });
    if (error !== undefined && step.isRequired) return { steps, failure: bootFailed(step.name, error) };
    console.tell(describeStep(step.name, durationMs, skippedReason));
  }
  return { steps, failure: undefined };
}

/** The error that every client gets when a step failed without which no command can run. */
export function bootFailed(step: string, cause: unknown): MuvmError {
  return new MuvmError('BOOT_FAILED', `Cannot run commands as the boot step "${step}" failed: ${reasonOf(cause)}`, {
    hint: 'Read the console of the machine with "muvm --logs".',
    cause,
  });
}

function attempt(step: BootStepPlan, config: GuestConfig): { skippedReason: string; error?: unknown } {
  try {
    return { skippedReason: step.run(config) ?? '' };
  } catch (error) {
    return { skippedReason: reasonOf(error), error };
  }
}

function describeStep(name: string, durationMs: number, skippedReason: string): string {
  return `${name} ${durationMs.toFixed(1)} ms${skippedReason === '' ? '' : `, skipped: ${skippedReason}`}`;
}
