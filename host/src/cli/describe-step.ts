import type { StepEvent } from '../control/index.ts';
import { printable } from './printable.ts';

/** A boot step of the guest on one line, such as `udev 0.2 ms, skipped: there is no udevd`. */
export function describeStep({ name, durationMs, skippedReason, failed, hint }: StepEvent['step']): string {
  const reason = skippedReason === '' ? '' : `, ${failed ? 'failed' : 'skipped'}: ${skippedReason}`;
  const line = `${name} ${durationMs.toFixed(1)} ms${reason}${hint === '' ? '' : `. ${hint}`}`;
  return printable(line).replaceAll('\n', ' ');
}
