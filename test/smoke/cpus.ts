/** A VM with two CPUs: without KVM, QEMU 8.1 and later emulates each of them on its own thread. */
import { expect } from '@jest/globals';
import { programsMissing, type WarmVm } from '../framework/index.ts';
import type { Surroundings } from './surroundings.ts';

// Two threads add to one number for a second. USER_HZ is 100, so a tick of /proc/stat is 10 ms.
const SCRIPT = `
const { Worker } = require("node:worker_threads");
const { readFileSync } = require("node:fs");
const ticks = () => [...readFileSync("/proc/stat", "utf8").matchAll(/^cpu\\d+ (\\d+)/gm)].map((match) => Number(match[1]));
const add = (number) => {
  const endMs = Date.now() + 1000;
  let count = 0;
  while (Date.now() < endMs) for (let index = 0; index < 1000; index += 1, count += 1) Atomics.add(number, 0, 1);
  return count;
};
const before = ticks();
const number = new Int32Array(new SharedArrayBuffer(8));
const body = "const { parentPort, workerData } = require('node:worker_threads');"
  + "const add = " + add + "; Atomics.add(workerData, 1, 1); while (Atomics.load(workerData, 1) < 2); parentPort.postMessage(add(workerData));";
const counts = [];
for (let index = 0; index < 2; index += 1) {
  new Worker(body, { eval: true, workerData: number }).on("message", (count) => {
    counts.push(count);
    if (counts.length < 2) return;
    const busy = ticks().map((value, cpu) => value - before[cpu]);
    console.log(JSON.stringify({ lost: counts[0] + counts[1] - number[0], busy }));
  });
}`;
const LEAST_TICKS = 20;

export function describeCpus(vm: WarmVm, { cpus }: Surroundings): void {
  const skip = cpus.length < 2 ? 'this host has one CPU' : programsMissing('nproc');

  vm.test(
    'are what the guest counts',
    async () => {
      expect((await vm.run(['--', 'nproc'])).stdout).toBe('2\n');
    },
    { skip },
  );

  vm.test(
    'both do work, and lose none of the additions to one number',
    async () => {
      const { stdout, stderr } = await vm.run(['--', process.execPath, '-e', SCRIPT]);
      expect(stderr).toBe('');
      const { lost, busy } = JSON.parse(stdout) as { lost: number; busy: readonly number[] };
      expect(lost).toBe(0);
      expect(busy.map((ticks) => ticks >= LEAST_TICKS)).toEqual([true, true]);
    },
    { skip },
  );
}
