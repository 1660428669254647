import { Deferred } from '@muvm/lifetime';
import type { CallCounter } from './call-server.ts';

// A client that has just started the VM needs a moment to make its first call.
const FIRST_CALL_MS = 2000;
// How often a guest with nothing but detached commands is asked whether they still run.
const DETACHED_POLL_MS = 1000;

export interface IdleWatchOptions {
  readonly lingerMs: number;
  /** Asks the guest how many detached commands run. */
  countDetached(): Promise<number>;
  onIdle(): void;
}

/** Finds the moment when the last command has ended, attached or detached, and nobody came for the linger time. */
export class IdleWatch implements CallCounter, Disposable {
  readonly #options: IdleWatchOptions;
  readonly #firstCall = new Deferred<void>();
  #activeCalls = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
  }

  /** Resolves when the first call has come. */
  get firstCall(): Promise<void> {
    return this.#firstCall.promise;
  }

  get activeCalls(): number {
    return this.#activeCalls;
  }

  /** Begins to watch, before the first call. */
  start(): void {
    if (this.#activeCalls === 0) this.#checkIn(Math.max(FIRST_CALL_MS, this.#options.lingerMs));
  }

  begin(): void {
    this.#firstCall.resolve();
    this.#activeCalls += 1;
    clearTimeout(this.#timer);
  }

  end(): void {
    this.#activeCalls -= 1;
    if (this.#activeCalls === 0) this.#checkIn(this.#options.lingerMs);
  }

  #checkIn(delayMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#isOver) this.#timer = setTimeout(() => void this.#check(), delayMs);
  }

  async #check(): Promise<void> {
    const detached = await this.#options.countDetached().catch(() => 0);
    if (this.#activeCalls > 0 || this.#isOver) return;
    if (detached > 0) this.#checkIn(DETACHED_POLL_MS);
    else this.#options.onIdle();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}
