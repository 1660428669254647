/** A VM with two CPUs: without KVM, QEMU 8.1 and later emulates each of them on its own thread. */
import { expect } from '@jest/globals';
import { programsMissing, type WarmVm } from '../framework/index.ts';
import type { Surroundings } from './surroundings.ts';

// Prints the times of both CPUs, as proc_stat(5) has them, before and after a second in which each CPU has a loop to run.
const SCRIPT = `
grep '^cpu[01] ' /proc/stat
for cpu in 0 1; do timeout 1 taskset -c $cpu sh -c 'while :; do :; done' & done; wait
grep '^cpu[01] ' /proc/stat`;

// A tick is 10 ms.
const LEAST_TICKS = 10;

export function describeCpus(vm: WarmVm, { cpus }: Surroundings): void {
  const skip = cpus.length < 2 ? 'this host has one CPU' : programsMissing('taskset', 'timeout', 'nproc');

  vm.test(
    'are what the guest counts',
    async () => {
      expect((await vm.run(['--', 'nproc'])).stdout).toBe('2\n');
    },
    { skip },
  );

  vm.test(
    'both do work',
    async () => {
      const { stdout, stderr } = await vm.run(['--', 'sh', '-c', SCRIPT]);
      expect(stderr).toBe('');
      const [first = 0, second = 0, firstEnd = 0, secondEnd = 0] = userTicks(stdout);
      expect(firstEnd - first).toBeGreaterThanOrEqual(LEAST_TICKS);
      expect(secondEnd - second).toBeGreaterThanOrEqual(LEAST_TICKS);
    },
    { skip },
  );
}

const userTicks = (text: string) => [...text.matchAll(/^cpu\d (\d+)/gm)].map(([, ticks]) => Number(ticks));
