import { loadavg } from 'node:os';
import type { PartRun } from '../report.ts';
import type { Target } from '../target.ts';

/** A part that a worker measures right now. */
export interface RunningPart {
  readonly part: string;
  readonly startedMs: number;
  readonly loadStart: number;
}

export const loadAverage = (): number => loadavg()[0] as number;

export function beginPart(part: string): RunningPart {
  return { part, startedMs: performance.now(), loadStart: loadAverage() };
}

export function endPart({ part, startedMs, loadStart }: RunningPart, target: Target): PartRun {
  const load = { start: loadStart, end: loadAverage() };
  return { part, target, elapsedMs: Math.round(performance.now() - startedMs), load };
}
