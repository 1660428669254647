import { readFileSync } from 'node:fs';
import { type Finding, ok, problem } from './check.ts';

const SOURCE = '/proc/meminfo';
/** The guest's kernel, the agent and the VMM take a good part of this before a program has started. */
const AVAILABLE_MIB_MIN = 1024;

/** Whether there is memory left for a machine, from proc_meminfo(5). */
export function checkMemory(meminfo: string = readFileSync(SOURCE, 'utf8')): Finding {
  const [totalMib, availableMib] = [readMib(meminfo, 'MemTotal'), readMib(meminfo, 'MemAvailable')];
  const fact = `${availableMib} MiB of ${totalMib} MiB are available`;
  if (availableMib >= AVAILABLE_MIB_MIN) return ok(`"${SOURCE}": ${fact}`);
  return problem(
    `"${SOURCE}": only ${fact}`,
    `End other programs until at least ${AVAILABLE_MIB_MIN} MiB are available.`,
  );
}

function readMib(meminfo: string, field: string): number {
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1];
  if (kib === undefined) throw new TypeError(`Cannot find "${field}" in "${SOURCE}"`);
  return Math.floor(Number(kib) / 1024);
}
