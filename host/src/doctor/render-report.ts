import { alignColumns, wrapText } from '../cli/columns.ts';
import type { Outcome } from './run-checks.ts';
import type { Verdict } from './verdict.ts';

/** Less than this is no room for a third column. */
const TEXT_COLUMNS_MIN = 30;

/**
 * A line for each check, its hint below it, and the verdict at the end.
 *
 * @param columns how wide the terminal is that shows it; without, a line is as long as it is
 */
export function renderReport(outcomes: readonly Outcome[], verdict: Verdict, columns?: number): string {
  const nameColumns = Math.max(...outcomes.map(({ name }) => name.length));
  const wrap = (text: string, indent: number) =>
    columns === undefined ? [text] : wrapText(text, Math.max(columns - indent, TEXT_COLUMNS_MIN));
  const textIndent = 'problem'.length + nameColumns + 4;
  const rows = outcomes.flatMap(({ state, name, text, hint }) => [
    ...wrap(text, textIndent).map((line, index) => (index === 0 ? [state, name, line] : ['', '', line])),
    ...(hint === undefined ? [] : wrap(`→ ${hint}`, textIndent + 2)).map((line, index) => [
      '',
      '',
      index === 0 ? line : `  ${line}`,
    ]),
  ]);
  return `${alignColumns(rows).join('\n')}\n\n${wrap(verdict.text, 0).join('\n')}\n`;
}

/** An array of `{name, state, text, hint}`; the hint is null where there is nothing to do. */
export function renderJson(outcomes: readonly Outcome[]): string {
  const findings = outcomes.map(({ name, state, text, hint = null }) => ({ name, state, text, hint }));
  return `${JSON.stringify(findings, undefined, 2)}\n`;
}
