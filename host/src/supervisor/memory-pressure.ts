import { readFileSync } from 'node:fs';
import { reasonOf } from '@muvm/errors';
import type { FileLog } from '@muvm/log';
import type { GuestRpc } from '../driver/index.ts';
import { setGuestMemoryPressure } from './guest-calls.ts';

const INTERVAL_MS = 500;
const TIMEOUT_MS = 2000;

/** Available memory of the host, in percent, up to which each level holds: the most urgent first. */
const LEVELS = [
  { level: 4, percent: 10 },
  { level: 3, percent: 15 },
  { level: 2, percent: 20 },
  { level: 1, percent: 25 },
] as const;

/** The level of a text of /proc/meminfo, proc_meminfo(5): 0 none to 4 critical. 0 where it does not tell. */
export function pressureLevel(meminfo: string): number {
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1] ?? Number.NaN);
  const percent = Math.floor((kib('MemAvailable') * 100) / kib('MemTotal'));
  return LEVELS.find((row) => percent <= row.percent)?.level ?? 0;
}

export interface PressureSources {
  readMeminfo(): string;
  send(level: number): Promise<void>;
}

/** What the host is and the guest is asked, for a machine that runs. */
export function pressureOf(rpc: GuestRpc): PressureSources {
  return {
    readMeminfo: () => readFileSync('/proc/meminfo', 'utf8'),
    send: (level) => setGuestMemoryPressure(rpc, level, TIMEOUT_MS),
  };
}

/**
 * Tells a guest that answers each change of the host's memory pressure, so that its page cache does not hold what the host
 * needs. What could not be told is told again with the next look, and written to the log once. Disposal ends it.
 */
export function watchMemoryPressure(
  { readMeminfo, send }: PressureSources,
  log: Pick<FileLog, 'info' | 'warn'>,
): Disposable {
  let told = 0;
  let hasFailed = false;
  let isBusy = false;
  const look = async () => {
    const level = pressureLevel(readMeminfo());
    if (level === told || isBusy) return;
    isBusy = true;
    try {
      await send(level);
      log.info(`memory pressure of the host: level ${told} to ${level}`);
      told = level;
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) log.warn(`guest was not told of memory pressure ${level}: ${reasonOf(error)}`);
      hasFailed = true;
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void look(), INTERVAL_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
