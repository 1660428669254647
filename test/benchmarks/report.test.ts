import { describe, expect, test } from '@jest/globals';
import {
  type Host,
  hasFailed,
  isDisturbed,
  type PartResult,
  startReport,
  withEnvironment,
  withPart,
  withProgress,
} from './report.ts';

const HOST: Host = { cpuCount: 2, arch: 'x64', memoryMib: 8192, kernel: '6.12', node: 'v20.11.0' };
const RUN = { target: 'qemu', elapsedMs: 10, load: { start: 0.1, end: 0.2 } } as const;
const MEASURED: PartResult = { ...RUN, part: 'network', outcome: 'measured', figures: [], notes: [] };
const FAILED: PartResult = { ...RUN, part: 'fences', outcome: 'failed', reason: 'no VM' };

const empty = startReport(HOST, new Date(0), 0.4);

test('a report starts without parts', () => {
  expect(empty).toMatchObject({ state: 'running', startedAt: '1970-01-01T00:00:00.000Z', parts: [] });
});

test('parts are kept in the order in which they ended', () => {
  expect(withPart(withPart(empty, MEASURED), FAILED).parts).toEqual([MEASURED, FAILED]);
});

test('the environment of one target leaves that of the other', () => {
  const qemu = { kernel: '6.1', cpuCount: 2, acceleration: 'tcg' };
  const libkrun = { kernel: '6.12', cpuCount: 1, acceleration: 'kvm' };
  const report = withEnvironment(withEnvironment(empty, 'qemu', qemu), 'libkrun', libkrun);
  expect(report.environments).toEqual({ qemu, libkrun });
});

test('an environment without a VM keeps the acceleration of an earlier worker', () => {
  const first = withEnvironment(empty, 'libkrun', { kernel: '6.12', cpuCount: 1, acceleration: 'kvm' });
  const second = withEnvironment(first, 'libkrun', { kernel: '6.12', cpuCount: 1 });
  expect(second.environments.libkrun).toEqual({ kernel: '6.12', cpuCount: 1, acceleration: 'kvm' });
});

test('progress keeps the load at the start', () => {
  const report = withProgress(empty, 'interrupted', { elapsedMs: 5000, loadAverage: 1.5 });
  expect(report).toMatchObject({ state: 'interrupted', elapsedMs: 5000, load: { start: 0.4, end: 1.5 } });
});

describe('hasFailed()', () => {
  test('is true if one part failed', () => {
    expect(hasFailed(withPart(withPart(empty, FAILED), MEASURED))).toBe(true);
  });

  test('is false for measured and unavailable parts', () => {
    const unavailable: PartResult = { ...FAILED, outcome: 'unavailable', reason: 'no Xvfb' };
    expect(hasFailed(withPart(withPart(empty, unavailable), MEASURED))).toBe(false);
  });
});

describe('isDisturbed()', () => {
  test.each([
    { cpuCount: 2, load: 1, expected: false },
    { cpuCount: 2, load: 1.1, expected: true },
    { cpuCount: 8, load: 4, expected: false },
    { cpuCount: 8, load: 4.1, expected: true },
  ])('with load $load on $cpuCount CPUs is $expected', ({ cpuCount, load, expected }) => {
    expect(isDisturbed(startReport({ ...HOST, cpuCount }, new Date(0), load))).toBe(expected);
  });
});
