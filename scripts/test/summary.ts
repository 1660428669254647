/** What a run of the suites amounts to, as text. */
import type { FileReport, TestReport } from './report.ts';

export interface SuiteSummary {
  readonly name: string;
  readonly covers: string;
  readonly durationMs: number;
  readonly files: readonly FileReport[];
  readonly failure: string | undefined;
}

export interface RunSummary {
  readonly suites: readonly SuiteSummary[];
  /** Steps before the suites, such as the build of libkrun. */
  readonly preparations: readonly { readonly name: string; readonly durationMs: number }[];
  /** Lines about skipped tests. */
  readonly skips: readonly string[];
  /** What fails the run beside tests: skips that are not allowed, suites without a report. */
  readonly faults: readonly string[];
  /** Kernel panics of guests after which a VM was started once more. */
  readonly panics: readonly string[];
}

const SLOWEST_COUNT = 20;
/** Files that take less share one line. */
const SHORT_MS = 1000;

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A suite that failed without a failed test, and a file that did not load, count as one failure each. */
export function totalsOf({ suites, faults }: RunSummary): Totals {
  const count = (status: TestReport['status']) => testsOf(suites).filter((test) => test.status === status).length;
  const unloaded = suites.flatMap(({ files }) => files).filter(({ failure }) => failure !== undefined).length;
  const silent = suites.filter((suite) => suite.failure !== undefined && !hasFailedTest(suite)).length;
  return {
    passed: count('passed'),
    failed: count('failed') + unloaded + silent + faults.length,
    skipped: count('skipped'),
  };
}

const hasFailedTest = ({ files }: SuiteSummary) =>
  files.some(({ tests, failure }) => failure !== undefined || tests.some(({ status }) => status === 'failed'));

const testsOf = (suites: readonly SuiteSummary[]) => suites.flatMap(({ files }) => files.flatMap(({ tests }) => tests));

/** Renders the whole summary; its last line is `N passed, N failed, N skipped`. */
export function renderSummary(summary: RunSummary): string {
  const { passed, failed, skipped } = totalsOf(summary);
  return [
    ...section('Time per test file', fileLines(summary)),
    ...section(`The ${SLOWEST_COUNT} slowest tests`, slowestLines(summary)),
    ...section('Time per suite', suiteLines(summary)),
    ...section('Skipped tests', summary.skips),
    ...section(
      'Kernel panics of guests that were started once more',
      summary.panics.length === 0 ? ['none'] : summary.panics,
    ),
    ...section('Failed tests', failedLines(summary)),
    ...section('Faults of the run', summary.faults),
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`), ''];
}

const seconds = (durationMs: number) => `${(durationMs / 1000).toFixed(1).padStart(7)} s`;

function fileLines({ suites }: RunSummary): string[] {
  const rows = suites.flatMap(({ name, files }) => files.map((file) => ({ name, ...file })));
  const slowestFirst = rows.sort((one, other) => other.durationMs - one.durationMs);
  const slow = slowestFirst.filter(({ durationMs }) => durationMs >= SHORT_MS);
  const lines = slow.map(({ name, path, durationMs }) => `${seconds(durationMs)}  ${name.padEnd(8)}  ${path}`);
  return slow.length === rows.length ? lines : [...lines, `${rows.length - slow.length} files under 1 s`];
}

function slowestLines({ suites }: RunSummary): string[] {
  const rows = suites.flatMap(({ name, files }) =>
    files.flatMap(({ path, tests }) => tests.map((test) => ({ suite: name, path, ...test }))),
  );
  return rows
    .sort((one, other) => other.durationMs - one.durationMs)
    .slice(0, SLOWEST_COUNT)
    .map(({ suite, path, name, durationMs }) => `${seconds(durationMs)}  ${suite.padEnd(8)}  ${path}: ${name}`);
}

function suiteLines({ suites, preparations }: RunSummary): string[] {
  const counts = ({ files }: SuiteSummary) => {
    const tests = files.flatMap((file) => file.tests);
    const of = (status: TestReport['status']) => tests.filter((test) => test.status === status).length;
    return `${of('passed')} passed, ${of('failed')} failed, ${of('skipped')} skipped`;
  };
  return [
    ...preparations.map(({ name, durationMs }) => `${seconds(durationMs)}  ${name}`),
    ...suites.map(
      (suite) => `${seconds(suite.durationMs)}  ${suite.name.padEnd(8)}  ${counts(suite)} (${suite.covers})`,
    ),
  ];
}

function failedLines({ suites }: RunSummary): string[] {
  return suites.flatMap((suite) => [
    ...suite.files.flatMap(({ path, tests, failure }) => [
      ...(failure === undefined ? [] : [`${suite.name}  ${path}: ${failure}`]),
      ...tests.filter(({ status }) => status === 'failed').map(({ name }) => `${suite.name}  ${path}: ${name}`),
    ]),
    ...(suite.failure === undefined ? [] : [`${suite.name}: ${suite.failure}`]),
  ]);
}
