/** Checks every skipped test of a run: none is without a reason, and none is silent. */

import { filesOf, type JestReport, type TestReport } from './report.ts';

/** An entry of test/allowed-skips.json. */
export interface AllowedSkip {
  /** `FILE: NAME`. The file is relative to the repository, the name has no reason. */
  readonly test: string;
  readonly reason: string;
  /** Where the test does run. */
  readonly runs: string;
  /** The hosts that skip the test. Undefined: all, so an entry that matches no skip is stale. */
  readonly if?: string;
}

export interface Skip {
  readonly suite: string;
  /** Relative to the repository. */
  readonly file: string;
  /** Without the reason. */
  readonly name: string;
  /** Undefined: `test.skip` without the helper of test/framework/skip.ts, `test.todo`, or a test beside a `test.only`. */
  readonly reason: string | undefined;
}

export interface SkipRequest {
  /** The reports of this run by suite. The suites of the drivers must be "qemu" and "libkrun", as reasons name them. */
  readonly reports: Readonly<Record<string, JestReport>>;
  /** The names of all suites, whether they ran or not. */
  readonly suites: readonly string[];
  /** Absolute paths of the repository, on the host and in the guest. */
  readonly roots: readonly string[];
  readonly allowed: readonly AllowedSkip[];
  /** Whether all suites ran. Only then can an entry of the list be stale. */
  readonly isWhole: boolean;
}

export interface SkipFindings {
  readonly skips: readonly Skip[];
  /** Messages for people. Each fails the run. */
  readonly faults: readonly string[];
}

interface Result extends Skip {
  readonly status: TestReport['status'];
  /** As jest has it: "pending", "todo". */
  readonly jestStatus: string;
}

const LIST = 'test/allowed-skips.json';
const OTHER_SUITE = /^runs in the (\S+) suite$/;

export function checkSkips({ reports, suites, roots, allowed, isWhole }: SkipRequest): SkipFindings {
  const results = Object.entries(reports).flatMap(([suite, report]) => resultsOf(suite, report, roots));
  const skips = results.filter(({ status }) => status === 'skipped');
  const context: Context = {
    known: new Set(suites),
    suites: new Set(Object.keys(reports)),
    byTest: groupByTest(results),
    allowed,
  };
  const faults = skips.map((skip) => faultOf(skip, context)).filter((fault) => fault !== undefined);
  return {
    skips: skips.map(({ suite, file, name, reason }) => ({ suite, file, name, reason })),
    faults: [...faults, ...(isWhole ? staleEntries(skips, allowed) : [])],
  };
}

function resultsOf(suite: string, report: JestReport, roots: readonly string[]): Result[] {
  return filesOf(report, roots).flatMap(({ path: file, tests }) => tests.map((test) => ({ suite, file, ...test })));
}

interface Context {
  readonly known: ReadonlySet<string>;
  readonly suites: ReadonlySet<string>;
  readonly byTest: ReadonlyMap<string, readonly Result[]>;
  readonly allowed: readonly AllowedSkip[];
}

const testOf = ({ file, name }: Pick<Skip, 'file' | 'name'>) => `${file}: ${name}`;

function groupByTest(results: readonly Result[]): Map<string, Result[]> {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const group = groups.get(testOf(result));
    if (group) group.push(result);
    else groups.set(testOf(result), [result]);
  }
  return groups;
}

function faultOf(skip: Result, { known, suites, byTest, allowed }: Context): string | undefined {
  const { suite, reason, jestStatus } = skip;
  const where = `${testOf(skip)} [${suite}]`;
  if (!reason) return `${where}: skipped without a reason (${jestStatus})`;
  const other = OTHER_SUITE.exec(reason)?.[1];
  if (other === undefined) return listFault(skip, allowed, where);
  if (other === suite) return `${where}: skipped because it ${reason}, which is this suite`;
  if (!known.has(other)) return `${where}: skipped because it ${reason}, but no suite has that name`;
  if (!suites.has(other)) return undefined;
  const there = (byTest.get(testOf(skip)) ?? []).filter((result) => result.suite === other);
  if (there.length > 0 && there.every((result) => isCovered(result, allowed))) return undefined;
  return `${where}: skipped because it ${reason}, but there it is ${there.map(({ jestStatus }) => `"${jestStatus}"`).join(' and ') || 'missing'}`;
}

/** A test that the list allows the other suite to skip needs no second entry for this suite. */
function isCovered(result: Result, allowed: readonly AllowedSkip[]): boolean {
  return result.status === 'passed' || (result.status === 'skipped' && isListed(result, allowed));
}

function isListed(skip: Skip, allowed: readonly AllowedSkip[]): boolean {
  return allowed.some(({ test, reason }) => test === testOf(skip) && reason === skip.reason);
}

function listFault(skip: Result, allowed: readonly AllowedSkip[], where: string): string | undefined {
  if (isListed(skip, allowed)) return undefined;
  const listed = allowed.filter(({ test }) => test === testOf(skip)).map(({ reason }) => `"${reason}"`);
  if (listed.length === 0) return `${where}: skipped because "${skip.reason}", which ${LIST} does not list`;
  return `${where}: skipped because "${skip.reason}", but the reason in ${LIST} is ${listed.join(' or ')}`;
}

/** An entry with another reason than its skip is a fault already. */
function staleEntries(skips: readonly Skip[], allowed: readonly AllowedSkip[]): string[] {
  const isUsed = ({ test, reason }: AllowedSkip) =>
    skips.some((skip) => testOf(skip) === test && (skip.reason === reason || !isListed(skip, allowed)));
  return allowed
    .filter((entry) => entry.if === undefined && !isUsed(entry))
    .map(({ test, reason }) => `${test}: no suite skips it because "${reason}", but ${LIST} lists that`);
}
