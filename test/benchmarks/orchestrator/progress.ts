import type { Environment, WorkerEvent } from '../events.ts';
import type { PartResult } from '../report.ts';
import { beginPart, endPart, type RunningPart } from './part-run.ts';
import type { TargetPlan } from './plan.ts';

/** Receives the progress of a target. */
export interface ProgressListener {
  onEnvironment(environment: Environment): void;
  onBegin(part: string): void;
  onResult(result: PartResult): void;
}

/** What one worker has reported so far. */
export class Progress {
  readonly #target: TargetPlan['target'];
  readonly #listener: ProgressListener;
  #left: readonly string[];
  #running: RunningPart | undefined;
  #hasBegun = false;

  constructor({ target, parts }: TargetPlan, listener: ProgressListener) {
    this.#target = target;
    this.#left = parts;
    this.#listener = listener;
  }

  take(event: WorkerEvent): void {
    if (event.kind === 'environment') this.#listener.onEnvironment(event.environment);
    else if (event.kind === 'begin') this.#begin(event.part);
    else this.#end(event);
  }

  /**
   * Fails the part that ran when the worker exited. A worker that began no part fails all of them, because another worker would
   * too.
   *
   * @returns the parts that are left for another worker
   */
  exit(reason: string): readonly string[] {
    const first = this.#running?.part ?? this.#left[0];
    if (first === undefined) return [];
    const failed = this.#hasBegun ? [this.#running ?? beginPart(first)] : this.#left.map(beginPart);
    for (const run of failed) this.#listener.onResult({ ...endPart(run, this.#target), outcome: 'failed', reason });
    return this.#left.filter((part) => !failed.some((run) => run.part === part));
  }

  #begin(part: string): void {
    this.#hasBegun = true;
    this.#running = beginPart(part);
    this.#listener.onBegin(part);
  }

  #end(event: EndEvent): void {
    const run = endPart(this.#running ?? beginPart(event.part), this.#target);
    this.#running = undefined;
    this.#left = this.#left.filter((part) => part !== event.part);
    this.#listener.onResult(
      event.kind === 'measured'
        ? { ...run, outcome: event.kind, figures: event.figures, notes: event.notes }
        : { ...run, outcome: event.kind, reason: event.reason },
    );
  }
}

type EndEvent = Exclude<WorkerEvent, { readonly kind: 'environment' | 'begin' }>;
