import { alignColumns } from '../cli/columns.ts';
import type { Outcome } from './run-checks.ts';
import type { Verdict } from './verdict.ts';

/** A line for each check, its hint below it, and the verdict at the end. */
export function renderReport(outcomes: readonly Outcome[], verdict: Verdict): string {
  const rows = outcomes.flatMap(({ state, name, text, hint }) => [
    [state, name, text],
    ...(hint === undefined ? [] : [['', '', `→ ${hint}`]]),
  ]);
  return `${alignColumns(rows).join('\n')}\n\n${verdict.text}\n`;
}

/** An array of `{name, state, text, hint}`; the hint is null where there is nothing to do. */
export function renderJson(outcomes: readonly Outcome[]): string {
  const findings = outcomes.map(({ name, state, text, hint = null }) => ({ name, state, text, hint }));
  return `${JSON.stringify(findings, undefined, 2)}\n`;
}
