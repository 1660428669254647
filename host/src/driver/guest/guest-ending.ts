import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** What the console told about the guest's end, if it did. */
export interface GuestEnding {
  sentence: string | undefined;
}

const PANIC = /Kernel panic - not syncing: (.*)$/;
// The first program says so, once: protocol/src/init-script.ts.
const AGENT_ENDED = /^muvm: agent ended with status (\d+)$/;
const SIGNAL_STATUS = 128;

/** Reads the reason for an end out of a console line. The first reason stays. */
export function noteGuestEnding(ending: GuestEnding, line: string): void {
  const panic = PANIC.exec(line)?.[1];
  if (panic !== undefined) ending.sentence ??= `Guest kernel panicked: ${panic}`;
  const status = Number(AGENT_ENDED.exec(line)?.[1] ?? 0);
  if (status > SIGNAL_STATUS) ending.sentence ??= `Agent in the guest was killed by signal ${status - SIGNAL_STATUS}`;
  else if (status > 0) ending.sentence ??= `Agent in the guest ended with status ${status}`;
}

// What a guest says in the end is still on its way through the pipe when its machine has gone.
const LAST_WORDS_MS = 200;

/** Waits for the end of a console whose machine has ended. */
export async function lastWords(console: Readable): Promise<void> {
  if (console.readableEnded || console.destroyed) return;
  const timeout = AbortSignal.timeout(LAST_WORDS_MS);
  await once(console, 'close', { signal: timeout }).catch(() => {});
}
