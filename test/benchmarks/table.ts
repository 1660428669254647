import { type Figure, isWithinBounds } from './figure.ts';
import { isDisturbed, type PartResult, type Report } from './report.ts';
import { TARGETS } from './target.ts';

const HEAD = ['part', 'figure', 'on', 'median', 'min', 'max', 'n', 'ratio of medians'];
/** Columns of numbers are aligned to the right. */
const NUMBERS = new Set([3, 4, 5, 6]);

const number = (value: number) => (Math.abs(value) < 10 ? value.toFixed(1) : value.toFixed(0));
const digits = (bound = 0) => `${Number(bound.toFixed(2))}`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(0)} s`;

function ratioCell(figure: Figure): string {
  const { against, bounds } = figure;
  if (!against) return '';
  const ratio = `${against.ratio.toFixed(2)} × ${against.name} (${number(against.samples.median)})`;
  if (!bounds) return ratio;
  const bound = bounds.atMost === undefined ? `at least ${digits(bounds.atLeast)}` : `at most ${digits(bounds.atMost)}`;
  return `${ratio}, ${bound}: ${isWithinBounds(figure) ? 'kept' : 'MISSED'}`;
}

function figureCells(figure: Figure): string[] {
  const { samples, unit } = figure;
  const { median, min, max, count } = samples;
  return [`${number(median)} ${unit}`, number(min), number(max), `${count}`, ratioCell(figure)];
}

/** The rows of one part, with the drivers below each other for each figure. */
function partRows(part: string, results: readonly PartResult[]): string[][] {
  const measured = results.flatMap((result) => (result.outcome === 'measured' ? [result] : []));
  const names = [...new Set(measured.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const rows = names.flatMap((name) =>
    measured
      .flatMap(({ target, figures }) => figures.filter((each) => each.name === name).map((each) => ({ target, each })))
      .map(({ target, each }, index) => [index === 0 ? name : '', target, ...figureCells(each)]),
  );
  for (const result of results) {
    if (result.outcome !== 'measured') rows.push([`${result.outcome.toUpperCase()}`, result.target]);
  }
  return rows.map((row, index) => [index === 0 ? part : '', ...row]);
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    NUMBERS.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) =>
    HEAD.map((_, column) => pad(row[column] ?? '', column))
      .join('  ')
      .trimEnd(),
  );
}

function resultLine(result: PartResult): string {
  const { part, target, elapsedMs, load } = result;
  const name = target === 'host' ? part : `${part} on ${target}`;
  const times = `${name}: ${seconds(elapsedMs)}, load ${load.start.toFixed(2)} to ${load.end.toFixed(2)}`;
  const notes = result.outcome === 'measured' ? result.notes : [`${result.outcome}: ${result.reason}`];
  return [times, ...notes.map((note) => `  ${note}`)].join('\n');
}

function foot(report: Report): string[] {
  const { environments, host, load, elapsedMs, state } = report;
  const places = TARGETS.flatMap((target) => {
    const place = environments[target];
    if (!place) return [];
    const { acceleration, kernel, cpuCount } = place;
    return [`${target}: on Linux ${kernel}, ${cpuCount} CPU${acceleration ? `, VM by ${acceleration}` : ''}`];
  });
  const times = `${state} after ${seconds(elapsedMs)}; load average ${load.start.toFixed(2)} at start, ${load.end.toFixed(2)} at end`;
  const warning = `WARNING: the load at start is above ${host.cpuCount / 2}: other work disturbs these figures`;
  return [...places, times, ...(isDisturbed(report) ? [warning] : [])];
}

/** All figures with their spread, then the time of each part, failures and the load. */
export function renderTable(report: Report): string {
  const parts = [...new Set(report.parts.map(({ part }) => part))];
  const rows = parts.flatMap((part) =>
    partRows(
      part,
      report.parts.filter((result) => result.part === part),
    ),
  );
  const table = rows.length === 0 ? [] : [...align([HEAD, ...rows]), ''];
  return [...table, ...report.parts.map(resultLine), '', ...foot(report)].join('\n');
}
