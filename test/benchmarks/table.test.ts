import { describe, expect, test } from '@jest/globals';
import { compared, figure } from './figure.ts';
import { type PartResult, type Report, startReport, withEnvironment, withPart, withProgress } from './report.ts';
import { renderTable } from './table.ts';

const HOST = { cpuCount: 2, arch: 'x64', memoryMib: 8192, kernel: '6.12', node: 'v20.11.0' };
const QEMU = { target: 'qemu', elapsedMs: 12_400, load: { start: 0.1, end: 0.9 } } as const;
const LIBKRUN = { target: 'libkrun', elapsedMs: 40_000, load: { start: 0.9, end: 1.5 } } as const;
const NODE = { name: 'node', samples: [100] };

const exec = (run: typeof QEMU | typeof LIBKRUN, samples: readonly number[], notes: string[] = []): PartResult => ({
  ...run,
  part: 'warm-exec',
  outcome: 'measured',
  figures: [figure('node', 'ms', [100]), compared('exec', 'ms', samples, NODE, { atMost: 3 })],
  notes,
});
const failed: PartResult = { ...LIBKRUN, part: 'network', outcome: 'failed', reason: 'no route' };

const finished = (report: Report) => withProgress(report, 'finished', { elapsedMs: 61_000, loadAverage: 1.5 });
const report = (loadAverage: number, ...parts: readonly PartResult[]) =>
  finished(parts.reduce(withPart, startReport(HOST, new Date(0), loadAverage)));

test('renderTable() puts the drivers of a figure below each other, with spread and ratio', () => {
  const text = renderTable(report(0.25, exec(QEMU, [200, 250, 290]), exec(LIBKRUN, [400])));
  expect(text.split('\n\n')[0]?.split('\n')).toEqual([
    'part       figure  on       median  min  max  n  ratio of medians',
    'warm-exec  node    qemu     100 ms  100  100  1',
    '                   libkrun  100 ms  100  100  1',
    '           exec    qemu     250 ms  200  290  3  2.50 × node (100), at most 3: kept',
    '                   libkrun  400 ms  400  400  1  4.00 × node (100), at most 3: MISSED',
  ]);
});

test('renderTable() lists the time, the load and the notes of each part', () => {
  const text = renderTable(report(0.25, exec(QEMU, [200], ['without ssh: not installed'])));
  expect(text).toContain('warm-exec on qemu: 12 s, load 0.10 to 0.90\n  without ssh: not installed\n');
});

test('renderTable() shows a failed part with its reason', () => {
  const text = renderTable(report(0.25, failed));
  expect(text).toMatch(/^network +FAILED +libkrun$/m);
  expect(text).toContain('network on libkrun: 40 s, load 0.90 to 1.50\n  failed: no route\n');
});

test('renderTable() describes where each target ran', () => {
  const qemu = { kernel: '6.12', cpuCount: 2, acceleration: 'tcg' };
  expect(renderTable(withEnvironment(report(0), 'qemu', qemu))).toContain('qemu: on Linux 6.12, 2 CPU, VM by tcg');
});

describe('the foot of the table', () => {
  test('has the state, the time and the load of the run', () => {
    expect(renderTable(report(0.25))).toContain('finished after 61 s; load average 0.25 at start, 1.50 at end');
  });

  test('warns of other work at the start', () => {
    expect(renderTable(report(1.01))).toContain('WARNING: the load at start is above 1');
    expect(renderTable(report(1))).not.toContain('WARNING');
  });
});
