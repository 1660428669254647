/** The spread of the samples of one figure, in its unit. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The middle sample, or the mean of the middle two. @throws RangeError for no samples */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('Cannot compute a median: no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** @throws RangeError for no samples */
export function summarize(samples: readonly number[]): Summary {
  return {
    count: samples.length,
    min: Math.min(...samples),
    median: median(samples),
    max: Math.max(...samples),
  };
}
