import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { faultOfReport, filesOf, type JestReport, readReport } from './report.ts';

const PASSED = { fullName: 'a', status: 'passed' };
const FILE = { name: '/r/x.test.ts', startTime: 1000, endTime: 3500, status: 'passed', message: '' };

const reportOf = (file: Partial<JestReport['testResults'][number]>, more: Partial<JestReport> = {}): JestReport => ({
  success: true,
  testResults: [{ ...FILE, assertionResults: [PASSED], ...file }],
  ...more,
});

describe('filesOf()', () => {
  test('has the path below the repository, and the time of the file', () => {
    expect(filesOf(reportOf({}), ['/r/'])).toMatchObject([{ path: 'x.test.ts', durationMs: 2500, failure: undefined }]);
  });

  test('reports a file whose hook failed after its tests passed', () => {
    const report = reportOf({ status: 'failed', message: '\n  x.test.ts left the shared VM ended\n    at y' });
    expect(filesOf(report, ['/r'])[0]?.failure).toBe('x.test.ts left the shared VM ended');
  });

  test('leaves the failure of a file to its failed tests', () => {
    const report = reportOf({
      status: 'failed',
      message: 'm',
      assertionResults: [{ fullName: 'a', status: 'failed' }],
    });
    expect(filesOf(report, ['/r'])[0]?.failure).toBeUndefined();
  });
});

describe('faultOfReport()', () => {
  test.each([
    ['a whole run', reportOf({}), undefined],
    ['a run with a failed file', reportOf({ status: 'failed' }, { success: false }), undefined],
    ['an interrupted run', reportOf({}, { wasInterrupted: true }), 'its run was interrupted'],
    ['a run without tests', reportOf({ assertionResults: [] }), 'it ran no test'],
    ['a run without files', { success: true, testResults: [] }, 'it ran no test'],
    ['a failed run without a failed file', reportOf({}, { success: false }), 'its report says that it failed'],
  ])('of %s', (_, report, fault) => {
    expect(faultOfReport(report)).toBe(fault);
  });
});

describe('readReport()', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'muvm-report-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test.each(['', '{"testResults":[', 'null', '{}', '[]', '{"testResults":1}'])('takes %j for no report', (text) => {
    const path = join(directory, 'report.json');
    writeFileSync(path, text);
    expect(readReport(path)).toBeUndefined();
  });

  test('takes a missing file for no report', () => {
    expect(readReport(join(directory, 'none'))).toBeUndefined();
  });
});
