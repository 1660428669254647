/** The time that a part may spend on samples, and the signal that interrupts it. */
export interface Budget {
  /** Aborted when the run is interrupted. */
  readonly signal: AbortSignal;
  /** Negative once the time is over. */
  leftMs(): number;
  /** An equal share of the time that is left, for the next of `count` steps. */
  share(count: number): Budget;
}

export interface BudgetOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds on a monotonic clock. */
  readonly nowMs?: () => number;
}

export function createBudget(budgetMs: number, options: BudgetOptions = {}): Budget {
  const { signal = new AbortController().signal, nowMs = () => performance.now() } = options;
  const endMs = nowMs() + budgetMs;
  const leftMs = () => endMs - nowMs();
  return { signal, leftMs, share: (count) => createBudget(leftMs() / count, { signal, nowMs }) };
}

/** How many rounds a step makes: `atLeast` even over budget, never more than `atMost`. */
export interface Rounds {
  readonly atLeast: number;
  readonly atMost: number;
}

/** Repeats a round while the longest one so far still fits into the budget. @throws the signal's reason when interrupted */
export async function repeat<T>(
  budget: Budget,
  { atLeast, atMost }: Rounds,
  round: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let longestMs = 0;
  while (results.length < atMost && (results.length < atLeast || longestMs <= budget.leftMs())) {
    budget.signal.throwIfAborted();
    const beforeMs = budget.leftMs();
    results.push(await round(results.length));
    longestMs = Math.max(longestMs, beforeMs - budget.leftMs());
  }
  budget.signal.throwIfAborted();
  return results;
}

/** Takes samples in turns, so that other work on the host disturbs all of them alike. @returns the samples of each */
export async function sampleInTurns<Name extends string>(
  budget: Budget,
  rounds: Rounds,
  takes: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(takes) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  await repeat(budget, rounds, async () => {
    for (const name of names) {
      budget.signal.throwIfAborted();
      samples[name].push(await takes[name]());
    }
  });
  return samples;
}
