import type { Environment } from './events.ts';
import type { Figure } from './figure.ts';
import type { Target } from './target.ts';

/** The load average of the last minute, when something started and when it ended. */
export interface Load {
  readonly start: number;
  readonly end: number;
}

export interface PartRun {
  readonly part: string;
  readonly target: Target;
  readonly elapsedMs: number;
  readonly load: Load;
}

export type PartResult = PartRun &
  (
    | { readonly outcome: 'measured'; readonly figures: readonly Figure[]; readonly notes: readonly string[] }
    | { readonly outcome: 'failed' | 'unavailable'; readonly reason: string }
  );

export interface Host {
  readonly cpu?: string | undefined;
  readonly cpuCount: number;
  readonly arch: string;
  readonly memoryMib: number;
  readonly kernel: string;
  readonly node: string;
}

/** `bench.json`. It is rewritten after each part. */
export interface Report {
  readonly state: 'running' | 'finished' | 'interrupted';
  /** ISO 8601. */
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly host: Host;
  readonly load: Load;
  readonly environments: Readonly<Partial<Record<Target, Environment>>>;
  /** In the order in which they ended. */
  readonly parts: readonly PartResult[];
}

export function startReport(host: Host, startedAt: Date, loadAverage: number): Report {
  return {
    state: 'running',
    startedAt: startedAt.toISOString(),
    elapsedMs: 0,
    host,
    load: { start: loadAverage, end: loadAverage },
    environments: {},
    parts: [],
  };
}

/** Adds what is known of an environment to what an earlier worker of the target has reported. */
export function withEnvironment(report: Report, target: Target, environment: Environment): Report {
  const known = { ...report.environments[target], ...environment };
  return { ...report, environments: { ...report.environments, [target]: known } };
}

export function withPart(report: Report, result: PartResult): Report {
  return { ...report, parts: [...report.parts, result] };
}

/** @param now the time since the start and the load average */
export function withProgress(
  report: Report,
  state: Report['state'],
  now: { readonly elapsedMs: number; readonly loadAverage: number },
): Report {
  return { ...report, state, elapsedMs: now.elapsedMs, load: { ...report.load, end: now.loadAverage } };
}

export function hasFailed({ parts }: Report): boolean {
  return parts.some(({ outcome }) => outcome === 'failed');
}

/** One busy program per two CPUs is other work that disturbs the figures. */
export function isDisturbed({ host, load }: Report): boolean {
  return load.start > host.cpuCount / 2;
}
