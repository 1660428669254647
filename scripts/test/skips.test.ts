import { describe, expect, test } from '@jest/globals';
import type { JestReport } from './report.ts';
import { type AllowedSkip, checkSkips } from './skips.ts';

const ROOT = '/repository';
const FILE = 'test/vm/x.test.ts';
const SUITES = ['unit', 'qemu', 'libkrun'];

type Test = readonly [status: string, fullName: string];

/** A report with one file of these tests. */
const report = (...tests: readonly Test[]) => reportOf(`${ROOT}/${FILE}`, ...tests);

function reportOf(path: string, ...tests: readonly Test[]): JestReport {
  const assertionResults = tests.map(([status, fullName]) => ({ status, fullName }));
  return { success: true, testResults: [{ name: path, startTime: 0, endTime: 1, message: '', assertionResults }] };
}

function check(
  reports: Readonly<Record<string, JestReport>>,
  allowed: readonly AllowedSkip[] = [],
  isWhole = false,
): ReturnType<typeof checkSkips> {
  return checkSkips({ reports, suites: SUITES, roots: [ROOT], allowed, isWhole });
}

const faultsOf = (...parameters: Parameters<typeof check>) => check(...parameters).faults;

const ENTRY: AllowedSkip = { test: `${FILE}: a b`, reason: 'needs root', runs: 'in the container as root' };

describe('checkSkips()', () => {
  test('returns each skip with its suite, file, name and reason', () => {
    const { skips } = check({
      unit: report(['passed', 'a'], ['failed', 'b'], ['pending', 'c d (skipped: needs root)']),
      qemu: report(['pending', 'c (skipped: not (skipped: this) (that))']),
    });
    expect(skips).toEqual([
      { suite: 'unit', file: FILE, name: 'c d', reason: 'needs root' },
      { suite: 'qemu', file: FILE, name: 'c (skipped: not', reason: 'this) (that)' },
    ]);
  });

  test('accepts a run without skips, even if a name looks like one', () => {
    expect(check({ unit: report(['passed', 'a (skipped: no)'], ['failed', 'b']) })).toEqual({ skips: [], faults: [] });
  });

  test('takes the file relative to the first root that has it', () => {
    const reports = { unit: reportOf('/guest/a.test.ts', ['pending', 'x']) };
    const request = { reports, suites: SUITES, allowed: [], isWhole: false };
    expect(checkSkips({ ...request, roots: [ROOT, '/guest/'] }).skips[0]?.file).toBe('a.test.ts');
    expect(checkSkips({ ...request, roots: ['/gue'] }).skips[0]?.file).toBe('/guest/a.test.ts');
  });

  test.each([
    ['pending', 'a'],
    ['pending', 'a (skipped: )'],
    ['todo', 'a'],
    ['todo', 'a (skipped: needs root)'],
    ['disabled', 'a'],
  ])('reports a test with status "%s" and name "%s" as skipped without a reason', (status, name) => {
    const faults = faultsOf({ unit: report([status, name]) });
    expect(faults).toEqual([expect.stringMatching(/\[unit\]: skipped without a reason \(\w+\)$/)]);
  });
});

describe('the list of allowed skips', () => {
  const reports = { unit: report(['pending', 'a b (skipped: needs root)']) };

  test('allows a skip with the same test and reason', () => {
    expect(faultsOf(reports, [ENTRY], true)).toEqual([]);
  });

  test('must have each skip', () => {
    expect(faultsOf(reports)).toEqual([
      `${FILE}: a b [unit]: skipped because "needs root", which test/allowed-skips.json does not list`,
    ]);
    expect(faultsOf(reports, [{ ...ENTRY, test: 'other.test.ts: a b' }])).toHaveLength(1);
  });

  test('must have the same reason', () => {
    expect(faultsOf(reports, [{ ...ENTRY, reason: 'tmux is not installed' }])).toEqual([
      `${FILE}: a b [unit]: skipped because "needs root", but the reason in test/allowed-skips.json is "tmux is not installed"`,
    ]);
  });

  test('may have one test with several reasons, but each must be in use', () => {
    const other = { ...ENTRY, reason: 'tmux is not installed' };
    expect(faultsOf(reports, [other, ENTRY])).toEqual([]);
    expect(faultsOf(reports, [other, ENTRY], true)).toHaveLength(1);
  });

  test('gives one fault for an entry with a wrong reason', () => {
    expect(faultsOf(reports, [{ ...ENTRY, reason: 'tmux is not installed' }], true)).toHaveLength(1);
  });

  test('has no stale entry, if all suites ran', () => {
    const ran = { unit: report(['passed', 'a b']) };
    expect(faultsOf(ran, [ENTRY], false)).toEqual([]);
    expect(faultsOf(ran, [ENTRY], true)).toEqual([
      `${FILE}: a b: no suite skips it because "needs root", but test/allowed-skips.json lists that`,
    ]);
  });
});

test('an entry for some hosts is not stale on others', () => {
  const entry = { ...ENTRY, if: 'the user is not root' };
  expect(faultsOf({ unit: report(['passed', 'a b']) }, [entry], true)).toEqual([]);
});

describe('a test that runs in the suite of another driver', () => {
  const skipped = report(['pending', 'a b (skipped: runs in the qemu suite)']);

  test('may be skipped if that suite is not part of the run', () => {
    expect(faultsOf({ libkrun: skipped })).toEqual([]);
  });

  test('is a fault if no suite has the name in the reason', () => {
    const nightly = report(['pending', 'a b (skipped: runs in the nightly suite)']);
    expect(faultsOf({ libkrun: nightly })).toEqual([
      `${FILE}: a b [libkrun]: skipped because it runs in the nightly suite, but no suite has that name`,
    ]);
  });

  test('must have passed there', () => {
    expect(faultsOf({ libkrun: skipped, qemu: report(['passed', 'a b']) })).toEqual([]);
  });

  test.each([
    ['failed', report(['failed', 'a b']), 'is "failed"'],
    ['missing', report(['passed', 'a c']), 'is missing'],
    ['skipped', report(['pending', 'a b (skipped: runs in the libkrun suite)']), 'is "pending"'],
  ])('is a fault if it is %s there', (_, qemu, ending) => {
    expect(faultsOf({ libkrun: skipped, qemu })).toContain(
      `${FILE}: a b [libkrun]: skipped because it runs in the qemu suite, but there it ${ending}`,
    );
  });

  test('is a fault if another file has the test that passed', () => {
    const elsewhere = reportOf(`${ROOT}/y.test.ts`, ['passed', 'a b']);
    expect(faultsOf({ libkrun: skipped, qemu: elsewhere })).toHaveLength(1);
  });

  test('is a fault if the two suites refer to each other', () => {
    const qemu = report(['pending', 'a b (skipped: runs in the libkrun suite)']);
    expect(faultsOf({ libkrun: skipped, qemu })).toHaveLength(2);
  });

  test('may be skipped there too, if the list allows that', () => {
    const qemu = report(['pending', 'a b (skipped: needs root)']);
    expect(faultsOf({ libkrun: skipped, qemu }, [ENTRY], true)).toEqual([]);
    expect(faultsOf({ libkrun: skipped, qemu })).toHaveLength(2);
  });

  test('is a fault if the reason names its own suite', () => {
    expect(faultsOf({ qemu: skipped })).toEqual([
      `${FILE}: a b [qemu]: skipped because it runs in the qemu suite, which is this suite`,
    ]);
  });

  test('is a fault if only one of two tests with that name has passed there', () => {
    const twice = report(['passed', 'a b'], ['failed', 'a b']);
    expect(faultsOf({ libkrun: skipped, qemu: twice })).toHaveLength(1);
  });
});
