import { expect, test } from '@jest/globals';
import { pickFastCpus } from './fast-cpus.ts';

const reader = (files: Readonly<Record<string, string>>) => (name: string) => files[name];
const perCpu = (file: string, values: readonly number[]) =>
  Object.fromEntries(values.map((value, cpu) => [`system/cpu/cpu${cpu}/${file}`, `${value}\n`]));

test('pickFastCpus() takes the performance cores of a hybrid Intel processor', () => {
  const read = reader({ 'cpu_core/cpus': '0-3\n', ...perCpu('cpufreq/cpuinfo_max_freq', Array(8).fill(5_000_000)) });
  expect(pickFastCpus([0, 1, 2, 3, 4, 5, 6, 7], read)).toEqual([0, 1, 2, 3]);
  expect(pickFastCpus([2, 6], read)).toEqual([2]);
});

test('pickFastCpus() takes the cores of high capacity, where the caller may use one', () => {
  const read = reader(perCpu('cpu_capacity', [459, 459, 1024, 1024]));
  expect(pickFastCpus([0, 1, 2, 3], read)).toEqual([2, 3]);
  expect(pickFastCpus([0, 1], read)).toEqual([0, 1]);
});

test('pickFastCpus() goes by frequency where there is nothing else, and favours no core that only boosts more', () => {
  expect(pickFastCpus([0, 1, 2], reader(perCpu('cpufreq/cpuinfo_max_freq', [2064, 3228, 3504])))).toEqual([1, 2]);
});

test('pickFastCpus() takes all where the kernel says nothing', () => {
  expect(pickFastCpus([3, 5], reader({}))).toEqual([3, 5]);
});
