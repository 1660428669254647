import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openConsoleLog } from './console-log.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-console-'));
  path = join(directory, 'console.log');
});

afterEach(() => rmSync(directory, { recursive: true }));

test('openConsoleLog() keeps every byte, and tells whole lines', () => {
  const lines: string[] = [];
  using log = openConsoleLog(path, (line) => lines.push(line));
  for (const chunk of ['one\r\ntw', 'o\r\n', 'rest']) log.write(Buffer.from(chunk));
  expect(lines).toEqual(['one', 'two']);
  expect(readFileSync(path, 'utf8')).toBe('one\r\ntwo\r\nrest');
});

test('openConsoleLog() stays within its size, whatever the guest writes', () => {
  using log = openConsoleLog(path, () => {});
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  for (let mib = 0; mib < 20; mib += 1) log.write(chunk);
  expect(statSync(path).size).toBeLessThanOrEqual(6 * 1024 * 1024);
  expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(6 * 1024 * 1024);
});

test('openConsoleLog() goes on where the disk is full', () => {
  const lines: string[] = [];
  using log = openConsoleLog('/dev/full', (line) => lines.push(line));
  log.write(Buffer.from('line\n'));
  expect(lines).toEqual(['line']);
});
