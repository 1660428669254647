import { describe, expect, test } from '@jest/globals';
import type { FileReport, TestReport } from './report.ts';
import { type RunSummary, renderSummary, type SuiteSummary, totalsOf } from './summary.ts';

const testOf = (name: string, status: TestReport['status'], durationMs = 10): TestReport => ({
  name,
  status,
  jestStatus: status === 'skipped' ? 'pending' : status,
  reason: undefined,
  durationMs,
});

const fileOf = (path: string, ...tests: readonly TestReport[]): FileReport => ({
  path,
  durationMs: tests.reduce((sum, { durationMs }) => sum + durationMs, 0),
  tests,
  failure: undefined,
});

const suiteOf = (name: string, files: readonly FileReport[], failure?: string): SuiteSummary => ({
  name,
  covers: `what ${name} covers`,
  durationMs: 61_000,
  files,
  failure,
});

const runOf = (...suites: readonly SuiteSummary[]): RunSummary => ({
  suites,
  preparations: [],
  skips: [],
  faults: [],
  panics: [],
});

describe('totalsOf()', () => {
  test('counts the tests of all suites by status', () => {
    const file = fileOf('a.test.ts', testOf('a', 'passed'), testOf('b', 'skipped'));
    const other = fileOf('b.test.ts', testOf('c', 'failed'), testOf('d', 'passed'));
    const run = runOf(suiteOf('unit', [file]), suiteOf('qemu', [other], 'exited with status 1'));
    expect(totalsOf(run)).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });

  test('counts a suite that failed without a failed test, such as a leak after the last one', () => {
    const run = runOf(suiteOf('qemu', [fileOf('a.test.ts', testOf('a', 'passed'))], 'exited with status 1'));
    expect(totalsOf(run)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test('counts a file that fails apart from its tests once', () => {
    const broken = { ...fileOf('a.test.ts'), failure: 'SyntaxError' };
    expect(totalsOf(runOf(suiteOf('unit', [broken], 'exited with status 1')))).toMatchObject({ failed: 1 });
  });

  test('counts each fault of the run', () => {
    const run = { ...runOf(suiteOf('unit', [])), faults: ['x: skipped without a reason', 'y'] };
    expect(totalsOf(run)).toMatchObject({ failed: 2 });
  });
});

describe('renderSummary()', () => {
  const file = (path: string, durationMs: number) => fileOf(path, testOf(`test of ${path}`, 'passed', durationMs));

  test('lists files and tests, the slowest first, and at most 20 tests', () => {
    const files = Array.from({ length: 25 }, (_, index) => file(`${index}.test.ts`, index * 1000));
    const lines = renderSummary(runOf(suiteOf('unit', files))).split('\n');
    const start = lines.indexOf('The 20 slowest tests:');
    expect(lines[start + 1]).toBe('     24.0 s  unit      24.test.ts: test of 24.test.ts');
    expect(lines.slice(start + 1, lines.indexOf('', start))).toHaveLength(20);
    expect(lines[lines.indexOf('Time per test file:') + 1]).toBe('     24.0 s  unit      24.test.ts');
  });

  test('shows the time of preparations and suites with their counts', () => {
    const run = {
      ...runOf(suiteOf('unit', [file('a.test.ts', 1)])),
      preparations: [{ name: 'build', durationMs: 2500 }],
    };
    expect(renderSummary(run)).toContain(
      'Time per suite:\n      2.5 s  build\n     61.0 s  unit      1 passed, 0 failed, 0 skipped (what unit covers)\n',
    );
  });

  test('names failed tests, suites that failed without one, faults, skips and panics', () => {
    const failed = suiteOf('qemu', [fileOf('a.test.ts', testOf('boots', 'failed'))], 'exited with status 1');
    const text = renderSummary({
      ...runOf(failed, suiteOf('libkrun', [], 'it wrote no report')),
      skips: ['unit  b.test.ts: c (needs root)'],
      faults: ['b.test.ts: c [unit]: skipped'],
      panics: ['libkrun: Guest kernel panicked'],
    });
    expect(text).toContain(
      'Failed tests:\n  qemu  a.test.ts: boots\n  qemu: exited with status 1\n  libkrun: it wrote no report\n',
    );
    expect(text).toContain('Skipped tests:\n  unit  b.test.ts: c (needs root)\n');
    expect(text).toContain('Faults of the run:\n  b.test.ts: c [unit]: skipped\n');
    expect(text).toContain('started once more:\n  libkrun: Guest kernel panicked\n');
  });

  test('ends with the totals', () => {
    const text = renderSummary(runOf(suiteOf('unit', [fileOf('a.test.ts', testOf('a', 'passed'))])));
    expect(text.split('\n').at(-1)).toBe('1 passed, 0 failed, 0 skipped');
  });
});
