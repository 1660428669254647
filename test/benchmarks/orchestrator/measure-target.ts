import { loadavg } from 'node:os';
import type { Environment, WorkerEvent } from '../events.ts';
import type { PartResult } from '../report.ts';
import type { Target } from '../target.ts';
import type { TargetPlan } from './plan.ts';
import type { WorkerCommand } from './worker-command.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

/** The VM boots within, and for a nested worker the outer VM before it. */
const START_TIMEOUT_MS = 400_000;
/** Far above every budget: a part that needs so long hangs. */
const PART_TIMEOUT_MS = 180_000;

export interface TargetOptions {
  readonly plan: TargetPlan;
  readonly signal: AbortSignal;
  command(parts: readonly string[]): WorkerCommand;
  onEnvironment(environment: Environment): void;
  onBegin(part: string): void;
  onResult(result: PartResult): void;
}

/** Measures all parts of a target. A worker that dies or hangs fails its part; another worker measures those after it. */
export async function measureTarget(options: TargetOptions): Promise<void> {
  let left = options.plan.parts;
  while (left.length > 0 && !options.signal.aborted) left = await runWorker(left, options);
}

interface RunningPart {
  readonly part: string;
  readonly startedMs: number;
  readonly loadStart: number;
}

const loadAverage = () => loadavg()[0] as number;
const begin = (part: string): RunningPart => ({ part, startedMs: performance.now(), loadStart: loadAverage() });

/** What `PartResult` has of every outcome. */
function ended({ part, startedMs, loadStart }: RunningPart, target: Target) {
  const load = { start: loadStart, end: loadAverage() };
  return { part, target, elapsedMs: Math.round(performance.now() - startedMs), load };
}

/** @returns the parts that are left for another worker */
async function runWorker(parts: readonly string[], options: TargetOptions): Promise<readonly string[]> {
  const { plan, signal, onResult } = options;
  const progress = new Progress(parts, options);
  const watchdog = new Watchdog(() => worker.stop());
  const worker: WorkerProcess = startWorker(options.command(parts), (event) => {
    watchdog.expect(event.kind === 'begin' ? `the part ${event.part}` : 'the next part', PART_TIMEOUT_MS);
    progress.take(event);
  });
  watchdog.expect('the start of the worker', START_TIMEOUT_MS);
  signal.addEventListener('abort', worker.stop);
  const exit = await worker.exited;
  signal.removeEventListener('abort', worker.stop);
  watchdog.end();
  if (signal.aborted || progress.left.length === 0) return [];
  const reason = watchdog.reason ?? `the worker exited: ${exit}`;
  const { failed, left } = progress.afterExit();
  for (const run of failed) onResult({ ...ended(run, plan.target), outcome: 'failed', reason });
  return left;
}

/** What one worker has reported so far. */
class Progress {
  left: readonly string[];
  readonly #options: TargetOptions;
  #running: RunningPart | undefined;
  #hasBegun = false;

  constructor(parts: readonly string[], options: TargetOptions) {
    this.left = parts;
    this.#options = options;
  }

  take(event: WorkerEvent): void {
    const { plan, onEnvironment, onBegin, onResult } = this.#options;
    if (event.kind === 'environment') onEnvironment(event.environment);
    else if (event.kind === 'begin') {
      this.#hasBegun = true;
      this.#running = begin(event.part);
      onBegin(event.part);
    } else {
      const run = this.#running ?? begin(event.part);
      this.#running = undefined;
      this.left = this.left.filter((part) => part !== event.part);
      onResult(resultOf(event, ended(run, plan.target)));
    }
  }

  /** A worker that began nothing fails all of its parts, because the next one would do the same. */
  afterExit(): { readonly failed: readonly RunningPart[]; readonly left: readonly string[] } {
    if (!this.#hasBegun) return { failed: this.left.map(begin), left: [] };
    const running = this.#running ?? begin(this.left[0] as string);
    return { failed: [running], left: this.left.filter((part) => part !== running.part) };
  }
}

type EndEvent = Exclude<WorkerEvent, { readonly kind: 'environment' | 'begin' }>;

function resultOf(event: EndEvent, run: ReturnType<typeof ended>): PartResult {
  if (event.kind !== 'measured') return { ...run, outcome: event.kind, reason: event.reason };
  return { ...run, outcome: 'measured', figures: event.figures, notes: event.notes };
}

/** One deadline at a time. */
class Watchdog {
  /** Why the worker was stopped. */
  reason: string | undefined;
  readonly #onTimeout: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onTimeout: () => void) {
    this.#onTimeout = onTimeout;
  }

  /** Replaces the deadline. */
  expect(what: string, withinMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.reason = `${what} took longer than ${withinMs / 1000} s`;
      this.#onTimeout();
    }, withinMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
