import { setTimeout as sleep } from 'node:timers/promises';
import { MuvmError } from '@muvm/errors';

/** The error of a wait that took too long: `what` is the start of the sentence, such as `Guest did not answer`. */
export function timedOut(what: string, timeoutMs: number, hint?: string): MuvmError {
  return new MuvmError('TIMED_OUT', `${what} within ${timeoutMs} ms`, { hint });
}

interface DeadlineOptions {
  /** The start of the sentence of the error, such as `Guest did not answer`. */
  readonly what: string;
  readonly hint?: string | undefined;
}

/** Waits for a promise, but not longer than the limit. @throws MuvmError TIMED_OUT */
export async function deadline<T>(promise: Promise<T>, timeoutMs: number, { what, hint }: DeadlineOptions): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(what, timeoutMs, hint)), timeoutMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Sleeps; an aborted signal ends the sleep early, without an error. */
export async function delay(durationMs: number, signal?: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, signal ? { signal } : undefined).catch(() => {});
}
