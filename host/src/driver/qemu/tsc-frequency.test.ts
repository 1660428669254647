import { expect, test } from '@jest/globals';
import { tscKhz } from './tsc-frequency.ts';

const CPUINFO = 'model name\t: Xeon(R) Processor @ 2.80GHz\ncpu MHz\t\t: 2793.438\n';

test('tscKhz() takes the fixed frequency of a virtual machine', () => {
  expect(tscKhz(`${CPUINFO}flags\t\t: fpu hypervisor lahf_lm\n`)).toBe(2_793_438);
});

test('tscKhz() takes the nominal frequency on bare metal, where the current one varies', () => {
  expect(tscKhz(`${CPUINFO}flags\t\t: fpu lahf_lm\n`)).toBe(2_800_000);
});

test('tscKhz() takes the current one where the name tells none, and a plausible one where nothing does', () => {
  expect(tscKhz('model name\t: AMD EPYC\ncpu MHz\t\t: 2445.1\nflags\t\t: fpu\n')).toBe(2_445_100);
  expect(tscKhz('')).toBe(2_000_000);
});
