import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, seededRandom } from './seeded-random.ts';
import { CLIENTS, type ClientKind } from './x-storm-clients.ts';

/** How many clients of each kind there were, and what went wrong with those that did nothing wrong. */
export interface Stormed {
  readonly counts: Readonly<Partial<Record<ClientKind, number>>>;
  readonly mostAtOnce: number;
  readonly failures: readonly string[];
}

/** The longest that a client lives, and that its place stays free. */
const LIFE_MS = 20_000;
/** So many of the places are for programs that are killed, which take more to start than the others. */
const PROGRAM_PLACES = 3;

const FAILURES_MAX = 20;

const OTHERS = (Object.keys(CLIENTS) as ClientKind[]).filter((kind) => kind !== 'killedProgram');

/** Clients come and go at random, as many as there are places, for a time. */
export async function storm(places: number, durationMs: number, seed: number): Promise<Stormed> {
  const untilMs = performance.now() + durationMs;
  const storming = new Storming();
  const place = async (_: unknown, index: number) => {
    const random = seededRandom(seed + index);
    const kinds = index < PROGRAM_PLACES ? (['killedProgram'] as const) : OTHERS;
    while (performance.now() < untilMs) {
      await sleep(random.below(LIFE_MS));
      await storming.live(random.pick(kinds), random);
    }
  };
  await Promise.all(Array.from({ length: places }, place));
  return storming;
}

class Storming implements Stormed {
  readonly counts: Partial<Record<ClientKind, number>> = {};
  readonly failures: string[] = [];
  mostAtOnce = 0;
  #now = 0;

  async live(kind: ClientKind, random: Random): Promise<void> {
    const startedMs = performance.now();
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    this.#now += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#now);
    try {
      await CLIENTS[kind](random, random.below(LIFE_MS));
    } catch (error) {
      const afterMs = Math.round(performance.now() - startedMs);
      if (this.failures.length < FAILURES_MAX)
        this.failures.push(`${kind}: ${(error as Error).message}, after ${afterMs} ms`);
    }
    this.#now -= 1;
  }
}
