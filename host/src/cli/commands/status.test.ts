import { describe, expect, test } from '@jest/globals';
import type { VmStatus } from '../../control/index.ts';
import { formatDuration, renderTable } from './status.ts';

const STATUS: VmStatus = {
  name: 'default',
  state: 'running',
  driver: 'qemu',
  acceleration: 'tcg',
  kernelRelease: '6.12.0',
  supervisorPid: 10,
  vmmPid: 11,
  helperPids: {},
  startedAt: '2026-01-01T00:00:00.000Z',
  uptimeS: 65.4,
  memoryMib: 1024,
  cpus: [0, 1],
  publishedPorts: [],
  commands: { attached: 2, detached: 1, started: 3 },
  agentRssBytes: undefined,
  phases: [],
  bootSteps: [],
};

describe('renderTable()', () => {
  test('says so where nothing runs', () => {
    expect(renderTable([])).toBe('No virtual machine is running\n');
    expect(renderTable([], 'web')).toBe('No virtual machine "web" is running\n');
  });

  test('has a line for each VM, below the headings', () => {
    const starting: VmStatus = {
      ...STATUS,
      name: 'b',
      state: 'starting',
      kernelRelease: undefined,
      memoryMib: undefined,
    };
    const [headings, first, second] = renderTable([STATUS, starting]).split('\n');
    expect(headings).toMatch(/^NAME {5}STATE {5}DRIVER/);
    expect(first).toMatch(
      /^default {2}running {3}qemu\/tcg {2}6\.12\.0 {2}1024 MiB {2}0-1 {3}2 \+ 1 detached {2}1 min 5 s {2}10$/,
    );
    expect(second).toMatch(/^b {8}starting {2}qemu\/tcg {2}- {7}- /);
  });
});

describe('formatDuration()', () => {
  test.each([
    [0.9, '0 s'],
    [59, '59 s'],
    [60, '1 min 0 s'],
    [7261, '2 h 1 min'],
    [86_400 * 4 + 3600, '4 d 1 h'],
  ])('writes %d s as "%s"', (durationS, text) => {
    expect(formatDuration(durationS)).toBe(text);
  });
});
