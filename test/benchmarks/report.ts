import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { RESULTS } from '../framework/repository.ts';

/** One line of the report. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB/s' | 'MiB';
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

function cells(figure: Figure): string[] {
  const { name, value, unit, against } = figure;
  const ratio = against ? `${against.ratio.toFixed(2)} × ${against.name} (${round(against.value)})` : '';
  return [name, `${round(value)} ${unit}`, ratio, verdict(figure)];
}

export function renderTable(figures: readonly Figure[]): string {
  const rows = [['what', 'value', 'ratio', 'promise'], ...figures.map(cells)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

export function writeReport(figures: readonly Figure[], facts: object): string {
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
