import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { RESULTS } from '../framework/repository.ts';

/** One line of the report. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'µs' | 'MB/s' | 'MiB' | 'threads';
  /** What it is compared with, and the ratio to that. */
  readonly against?: { readonly name: string; readonly value: number; readonly ratio: number } | undefined;
  /** The ratio that was promised. */
  readonly atMost?: number | undefined;
  readonly atLeast?: number | undefined;
}

/** A figure with its ratio to another of the same unit. */
export function compared(
  name: string,
  value: number,
  unit: Figure['unit'],
  other: { readonly name: string; readonly value: number },
  bounds: Pick<Figure, 'atMost' | 'atLeast'> = {},
): Figure {
  return { name, value, unit, against: { ...other, ratio: value / other.value }, ...bounds };
}

const round = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0));

function verdict({ against, atMost, atLeast }: Figure): string {
  if (!against || (atMost === undefined && atLeast === undefined)) return '';
  const isKept = against.ratio <= (atMost ?? Number.POSITIVE_INFINITY) && against.ratio >= (atLeast ?? 0);
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  return `${bound}: ${isKept ? 'kept' : 'MISSED'}`;
}

/** What `writeReport` wrote. */
export interface Report {
  readonly driver: string;
  readonly acceleration: string;
  readonly machine: { readonly kernel: string; readonly cpuCount: number };
  readonly figures: readonly Figure[];
}

function cells(figure: Figure | undefined): string[] {
  if (!figure) return ['', ''];
  const { value, unit, against } = figure;
  const ratio = against ? `${against.ratio.toFixed(2)} × ${against.name} (${round(against.value)})` : '';
  return [`${round(value)} ${unit}`, [ratio, verdict(figure)].filter(Boolean).join(', ')];
}

/** One row for each thing that was measured, with a pair of columns for each driver: times of two drivers do not compare. */
export function renderTable(reports: readonly Report[]): string {
  const names = [...new Set(reports.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const named = (report: Report, name: string) => report.figures.find((figure) => figure.name === name);
  const rows = [
    ['what', ...reports.flatMap(({ driver, acceleration }) => [`${driver} (${acceleration})`, 'ratio'])],
    ...names.map((name) => [name, ...reports.flatMap((report) => cells(named(report, name)))]),
  ];
  const widths = (rows[0] as string[]).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** Writes `bench.json` to the results. @returns its path */
export function writeReport(figures: readonly Figure[], facts: Pick<Report, 'driver' | 'acceleration'>): string {
  const machine = {
    cpu: cpus()[0]?.model,
    cpuCount: cpus().length,
    arch: arch(),
    memoryMib: Math.round(totalmem() / 1024 / 1024),
    kernel: release(),
    node: process.version,
  };
  mkdirSync(RESULTS, { recursive: true });
  const path = join(RESULTS, 'bench.json');
  writeFileSync(path, `${JSON.stringify({ machine, ...facts, figures }, undefined, 2)}\n`);
  return path;
}
