/** Reads the reports that `jest --json` writes. */
import { existsSync, readFileSync } from 'node:fs';

/** The part of jest's `FormattedTestResults` that is read here. */
export interface JestReport {
  readonly testResults: readonly {
    /** The absolute path of the test file. */
    readonly name: string;
    /** In ms since the epoch. */
    readonly startTime: number;
    readonly endTime: number;
    /** The failures of the file as text. */
    readonly message: string;
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
  /** Why the file could not be loaded. */
  readonly loadError: string | undefined;
}

/** What test/framework/skip.ts puts before the reason at the end of a name. */
const REASON_MARK = ' (skipped: ';

/** @returns undefined if there is no report, or half of one */
export function readReport(path: string): JestReport | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}

/** @param roots absolute paths of the repository: a suite may run in a copy */
export function filesOf({ testResults }: JestReport, roots: readonly string[]): FileReport[] {
  return testResults.map(({ name, startTime, endTime, message, assertionResults }) => ({
    path: relativePath(name, roots),
    durationMs: endTime - startTime,
    loadError: assertionResults.length === 0 && message !== '' ? message : undefined,
    tests: assertionResults.map(({ fullName, status, duration }) => ({
      ...splitName(fullName, status),
      status: status === 'passed' || status === 'failed' ? status : 'skipped',
      jestStatus: status,
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
