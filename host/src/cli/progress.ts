import { performance } from 'node:perf_hooks';
import type { PhaseEvent, ProgressEvent } from '../control/index.ts';
import { describeStep } from './describe-step.ts';
import { printable } from './printable.ts';

/** Shorter starts show nothing. */
const SHOW_AFTER_MS = 300;
const REDRAW_INTERVAL_MS = 100;
const TIME_COLUMNS = 8;
const ERASE_LINE = '\r\x1b[2K';

/** Where progress is shown. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * `line`: one line on a terminal that erases itself, and what must be told of a start; `verbose`: a line for each phase
 * too, to stay.
 */
export type ProgressStyle = 'quiet' | 'line' | 'verbose';

type WatchPhases = (signal: AbortSignal) => AsyncIterable<ProgressEvent>;

/** Shows the phases of a start on standard error, until it is disposed of. */
export class Progress implements Disposable {
  readonly #style: ProgressStyle;
  readonly #output: ProgressOutput;
  readonly #ended = new AbortController();
  readonly #phases: PhaseEvent[] = [];
  readonly #startedMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #isDrawn = false;
  #watchPhases: WatchPhases | undefined;
  #showsNotices = false;
  #isCollecting = false;

  constructor(style: ProgressStyle, output: ProgressOutput = process.stderr) {
    this.#style = style;
    this.#output = output;
    if (style === 'line' && output.isTTY) this.#timer = setTimeout(() => this.#beginToDraw(), SHOW_AFTER_MS);
  }

  get isVerbose(): boolean {
    return this.#style === 'verbose';
  }

  /**
   * Follows a start, once for each object, as soon as there is something to show. What there is to say about it is for
   * the one who started it.
   */
  follow(watchPhases: WatchPhases, { isOurStart }: { readonly isOurStart: boolean }): void {
    this.#watchPhases = watchPhases;
    this.#showsNotices = isOurStart && this.#style !== 'quiet';
    if (this.#showsNotices || this.isVerbose || this.#isDrawn) void this.#collect();
  }

  /** A line for `verbose` alone, with the time since our own start. */
  note(text: string): void {
    if (this.isVerbose) this.#printLine(performance.now() - this.#startedMs, text);
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    if (this.#isDrawn) this.#output.write(ERASE_LINE);
    this.#isDrawn = false;
  }

  #beginToDraw(): void {
    this.#timer = setInterval(() => this.#draw(), REDRAW_INTERVAL_MS);
    this.#draw();
    void this.#collect();
  }

  async #collect(): Promise<void> {
    if (this.#isCollecting || !this.#watchPhases) return;
    this.#isCollecting = true;
    try {
      for await (const event of this.#watchPhases(this.#ended.signal)) {
        if (this.#ended.signal.aborted) return;
        this.#show(event);
      }
    } catch {
      // Whatever ended the VM is told by the call that waits for it.
    } finally {
      this.#isCollecting = false;
    }
  }

  #show(event: ProgressEvent): void {
    if ('notice' in event) {
      const line = `muvm: note: ${printable(event.notice)}\n`;
      if (this.#showsNotices) this.#output.write(`${this.#isDrawn ? ERASE_LINE : ''}${line}`);
      return;
    }
    if ('step' in event) {
      if (this.isVerbose) this.#output.write(`muvm: ${' '.repeat(TIME_COLUMNS)}  · ${describeStep(event.step)}\n`);
      return;
    }
    this.#phases.push(event);
    if (this.isVerbose) this.#printLine(event.atMs, event.phase);
  }

  #printLine(atMs: number, text: string): void {
    this.#output.write(`muvm: ${`${Math.round(atMs)} ms`.padStart(TIME_COLUMNS)}  ${text}\n`);
  }

  #draw(): void {
    const elapsedS = ((performance.now() - this.#startedMs) / 1000).toFixed(1);
    const reached = this.#phases.map(({ phase }) => phase).join(' · ');
    const line = `muvm: starting, ${elapsedS} s${reached ? ` · ${reached}` : ''}`;
    this.#output.write(`${ERASE_LINE}${line.slice(0, (this.#output.columns || 80) - 1)}`);
    this.#isDrawn = true;
  }
}
