import { readFileSync } from 'node:fs';

// Any plausible value boots; a wrong one makes the guest's clock run fast or slow by as much.
const PLAUSIBLE_KHZ = 2_000_000;

/**
 * The frequency of the host's time stamp counter, in kHz, as /proc/cpuinfo lets us tell: virtual machines show it as
 * the fixed "cpu MHz"; on bare metal that figure varies, and the nominal frequency in the model's name is the closest.
 */
export function tscKhz(cpuinfo = readCpuinfo()): number {
  const isVirtual = /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo);
  const currentMhz = Number(/^cpu MHz\s*:\s*([\d.]+)/m.exec(cpuinfo)?.[1] ?? 0);
  const nominalGhz = Number(/^model name\s*:.*@\s*([\d.]+)GHz/m.exec(cpuinfo)?.[1] ?? 0);
  const khz = isVirtual || nominalGhz === 0 ? currentMhz * 1000 : nominalGhz * 1e6;
  return Math.round(khz) || PLAUSIBLE_KHZ;
}

function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
