import type { TargetPlan } from './plan.ts';
import { Progress, type ProgressListener } from './progress.ts';
import { Watchdog } from './watchdog.ts';
import type { WorkerCommand } from './worker-command.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

/** The VM boots within, and for a nested worker the outer VM before it. */
const START_TIMEOUT_MS = 400_000;
/** Far above every budget: a part that needs so long hangs. */
const PART_TIMEOUT_MS = 300_000;

export interface TargetOptions extends ProgressListener {
  readonly plan: TargetPlan;
  readonly signal: AbortSignal;
  command(parts: readonly string[]): WorkerCommand;
}

/** Measures all parts of a target. A worker that dies or hangs fails its part; another worker measures those after it. */
export async function measureTarget(options: TargetOptions): Promise<void> {
  let left = options.plan.parts;
  while (left.length > 0 && !options.signal.aborted) left = await runWorker(left, options);
}

/** @returns the parts that are left for another worker */
async function runWorker(parts: readonly string[], options: TargetOptions): Promise<readonly string[]> {
  const { plan, signal } = options;
  const progress = new Progress({ target: plan.target, parts }, options);
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
  return signal.aborted ? [] : progress.exit(watchdog.reason ?? `the worker exited: ${exit}`);
}
