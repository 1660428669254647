import { type Summary, summarize } from './statistics.ts';

export type Unit = 'ms' | 'µs' | 'MB/s' | 'MiB' | 'threads' | '/s';

/** The ratio that the documentation promises. */
export interface Bounds {
  readonly atMost?: number | undefined;
  readonly atLeast?: number | undefined;
}

/** One thing that a part measured. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly samples: Summary;
  /** The reference of the same run, and the ratio of the medians. */
  readonly against?: { readonly name: string; readonly samples: Summary; readonly ratio: number } | undefined;
  readonly bounds?: Bounds | undefined;
}

/** What a figure is compared with. */
export interface Reference {
  readonly name: string;
  /** In the figure's unit. */
  readonly samples: readonly number[];
}

/** @param samples at least one */
export function figure(name: string, unit: Unit, samples: readonly number[]): Figure {
  return { name, unit, samples: summarize(samples) };
}

/** A figure with the ratio of its median to that of a reference. */
export function compared(
  name: string,
  unit: Unit,
  samples: readonly number[],
  reference: Reference,
  bounds?: Bounds,
): Figure {
  const own = summarize(samples);
  const other = summarize(reference.samples);
  const against = { name: reference.name, samples: other, ratio: own.median / other.median };
  return { name, unit, samples: own, against, ...(bounds ? { bounds } : {}) };
}

/** @returns undefined if the figure promises nothing or has no reference */
export function isWithinBounds({ against, bounds }: Figure): boolean | undefined {
  if (!against || !bounds) return undefined;
  const { atMost = Number.POSITIVE_INFINITY, atLeast = 0 } = bounds;
  return against.ratio <= atMost && against.ratio >= atLeast;
}
