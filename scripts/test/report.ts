/** Reads the reports that `jest --json` writes. */
import { existsSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';

export interface TestReport {
  /** Full name, without the reason of a skip. */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
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

/** The part of jest's `FormattedTestResults` that is read here. */
export interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number | null;
    }[];
  }[];
}

/** @returns undefined if there is no report, or half of one */
export function readReport(path: string): JestReport | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}

/** @param root the directory that the paths of files are relative to; another suite may run in a copy of the repository */
export function filesOf(report: JestReport): FileReport[] {
  return report.testResults.map(({ name, startTime, endTime, message, assertionResults }) => ({
    path: relativePath(name),
    durationMs: endTime - startTime,
    loadError: assertionResults.length === 0 && message !== '' ? message : undefined,
    tests: assertionResults.map(({ fullName, status, duration }) => ({
      name: fullName,
      status: status === 'passed' || status === 'failed' ? status : 'skipped',
      durationMs: duration ?? 0,
    })),
  }));
}

const TOP_FOLDERS = ['packages', 'protocol', 'host', 'guest-init', 'scripts', 'test'];

// A suite may run in a copy of the repository, so its root is found by the name of a folder below it.
function relativePath(path: string): string {
  const parts = path.split(sep);
  const repository = process.cwd().split(sep).length;
  const isHere = path.startsWith(`${process.cwd()}${sep}`);
  const start = isHere ? repository : parts.findIndex((part) => TOP_FOLDERS.includes(part));
  return parts.slice(Math.max(start, 0)).join('/');
}
