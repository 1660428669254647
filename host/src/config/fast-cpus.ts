import { readFileSync } from 'node:fs';
import { parseCpuRanges } from './cpu-list.ts';

/** A CPU this much slower than the fastest one is of another kind, not one that merely boosts less. */
const SLOW_SHARE = 0.75;

const SYSTEM = '/sys/devices';

/** A file below /sys/devices, undefined where there is none. */
export type ReadDevice = (name: string) => string | undefined;

/**
 * Of some CPUs those that are fast, in the order given: by what the kernel says of hybrid processors (Intel's
 * `cpu_core`, `cpu_capacity` on ARM), else by their highest frequency. All of them where it says nothing.
 *
 * Source: Documentation/ABI/testing/sysfs-devices-system-cpu of the kernel.
 */
export function pickFastCpus(cpus: readonly number[], read: ReadDevice = readDevice): readonly number[] {
  const cores = parseCpuRanges(read('cpu_core/cpus')?.trim() ?? '');
  const speeds = cores ? cpus.map((cpu) => (cores.includes(cpu) ? 1 : 0)) : speedsOf(cpus, read);
  const fastest = Math.max(...speeds);
  const fast = cpus.filter((_, index) => (speeds[index] as number) > fastest * SLOW_SHARE);
  return fast.length > 0 ? fast : cpus;
}

function speedsOf(cpus: readonly number[], read: ReadDevice): number[] {
  const values = (name: string) => cpus.map((cpu) => Number(read(`system/cpu/cpu${cpu}/${name}`) ?? Number.NaN));
  const capacities = values('cpu_capacity');
  const speeds = capacities.every(Number.isFinite) ? capacities : values('cpufreq/cpuinfo_max_freq');
  return speeds.every(Number.isFinite) ? speeds : cpus.map(() => 1);
}

function readDevice(name: string): string | undefined {
  try {
    return readFileSync(`${SYSTEM}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
