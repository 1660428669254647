import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { startReport, withProgress } from './report.ts';
import { writeReport } from './write-report.ts';

const directory = mkdtempSync(join(tmpdir(), 'muvm-bench-report-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('writeReport() replaces the former report and leaves no other file', () => {
  const path = join(directory, 'results', 'bench.json');
  const host = { cpuCount: 2, arch: 'x64', memoryMib: 8192, kernel: '6.12', node: 'v20.11.0' };
  const running = startReport(host, new Date(0), 0);
  const finished = withProgress(running, 'finished', { elapsedMs: 1, loadAverage: 0 });
  writeReport(path, running);
  writeReport(path, finished);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(finished);
  expect(readdirSync(join(directory, 'results'))).toEqual(['bench.json']);
});
