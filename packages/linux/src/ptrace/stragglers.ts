import { lookForStop, type Stop } from './await-stop.ts';
import { detach, interrupt, resume } from './request.ts';

/** What a thread needs before it can go. */
export interface Unfinished {
  /** Called while it is stopped as it was told to. */
  restore(): void;
  /** Takes the signal that it stopped for; undefined lets the thread have it. */
  keepSignal: ((signal: number) => unknown) | undefined;
}

const NOTHING: Unfinished = { restore: () => {}, keepSignal: undefined };

const stragglers = new Map<number, Unfinished>();

/** Hands over a thread that was told to stop and has not yet, or that is about to end. */
export function addStraggler(tid: number, unfinished: Unfinished = NOTHING): void {
  stragglers.set(tid, unfinished);
}

/**
 * Lets those threads go that did not stop in time (they were in the midst of what cannot be interrupted) and have
 * stopped since. A tracer that has left any must call this every few milliseconds, as a thread stays stopped until then.
 *
 * @returns how many are left
 */
export function releaseStragglers(): number {
  for (const [tid, unfinished] of stragglers) {
    const stop = lookForStop(tid);
    if (stop === undefined) continue;
    try {
      if (isReleased(tid, stop, unfinished)) stragglers.delete(tid);
    } catch (error) {
      // It was killed while it was stopped. The next look finds it gone.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return stragglers.size;
}

function isReleased(tid: number, stop: Stop, { restore, keepSignal }: Unfinished): boolean {
  if (stop.kind === 'gone') return true;
  if (stop.kind === 'told') {
    restore();
    return detach(tid);
  }
  interrupt(tid);
  if (stop.kind === 'signal') keepSignal?.(stop.signal);
  resume(tid, stop.kind === 'signal' && keepSignal === undefined ? stop.signal : 0);
  return false;
}
