/** Reads the reports that `jest --json` writes. */
import { existsSync, readFileSync } from 'node:fs';

/** The part of jest's `FormattedTestResults` that is read here. */
export interface JestReport {
  readonly success: boolean;
  readonly wasInterrupted?: boolean;
  readonly testResults: readonly {
    /** The absolute path of the test file. */
    readonly name: string;
    /** In ms since the epoch. */
    readonly startTime: number;
    readonly endTime: number;
    /** The failures of the file as text. */
    readonly message: string;
    /** "failed" also if a hook after the tests failed. */
    readonly status?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      /** "passed", "failed", "pending" for a skipped test, "todo", and others. */
      readonly status: string;
      readonly duration?: number | null;
    }[];
  }[];
}

export interface TestReport {
  /** Full name, without the reason of a skip. */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly jestStatus: string;
  /** Why the test was skipped. Undefined: `test.skip` without the helper, `test.todo`, or a test beside a `test.only`. */
  readonly reason: string | undefined;
  readonly durationMs: number;
}

export interface FileReport {
  /** Relative to the repository. */
  readonly path: string;
  readonly durationMs: number;
  readonly tests: readonly TestReport[];
  /** Why the file failed apart from its tests: it does not load, or a hook after the tests failed. */
  readonly failure: string | undefined;
}

/** What test/framework/skip.ts puts before the reason at the end of a name. */
const REASON_MARK = ' (skipped: ';

/** @returns undefined if there is no report, half of one, or something else */
export function readReport(path: string): JestReport | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as JestReport | null;
    return Array.isArray(report?.testResults) ? (report as JestReport) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns why a report is not that of a whole run */
export function faultOfReport({ success, wasInterrupted, testResults }: JestReport): string | undefined {
  if (wasInterrupted === true) return 'its run was interrupted';
  if (!testResults.some(({ assertionResults }) => assertionResults.length > 0)) return 'it ran no test';
  const hasFailed = testResults.some(({ status }) => status === 'failed');
  return success === true || hasFailed ? undefined : 'its report says that it failed';
}

const firstLine = (text: string) =>
  text
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim() ?? 'no reason';

/** @param roots absolute paths of the repository: a suite may run in a copy */
export function filesOf({ testResults }: JestReport, roots: readonly string[]): FileReport[] {
  return testResults.map(({ name, startTime, endTime, message, status, assertionResults }) => ({
    path: relativePath(name, roots),
    durationMs: endTime - startTime,
    failure:
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed')
        ? firstLine(message)
        : undefined,
    tests: assertionResults.map(({ fullName, status: jestStatus, duration }) => ({
      ...splitName(fullName, jestStatus),
      status: jestStatus === 'passed' || jestStatus === 'failed' ? jestStatus : 'skipped',
      jestStatus,
      durationMs: duration ?? 0,
    })),
  }));
}

function relativePath(path: string, roots: readonly string[]): string {
  const root = roots.map((each) => `${each.replace(/\/+$/, '')}/`).find((each) => path.startsWith(each));
  return root === undefined ? path : path.slice(root.length);
}

/** A test that ran keeps its name, whatever that ends with. */
function splitName(fullName: string, status: string): Pick<TestReport, 'name' | 'reason'> {
  const at = fullName.lastIndexOf(REASON_MARK);
  if (status !== 'pending' || at < 0 || !fullName.endsWith(')')) return { name: fullName, reason: undefined };
  return { name: fullName.slice(0, at), reason: fullName.slice(at + REASON_MARK.length, -1) };
}
