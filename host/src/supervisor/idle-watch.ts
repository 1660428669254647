import { isMuvmError, reasonOf } from '@muvm/errors';
import { Deferred } from '@muvm/lifetime';
import type { CallCounter } from './call-server.ts';

// A client that has just started the VM needs a moment to make its first call.
const FIRST_CALL_MS = 2000;
// How often a guest with nothing but detached commands is asked whether they still run.
const DETACHED_POLL_MS = 1000;
// A guest that is only slow answers within this.
const SILENCE_MS_MAX = 60_000;

export interface IdleWatchOptions {
  readonly lingerMs: number;
  /** Asks the guest how many detached commands run. @throws MuvmError TIMED_OUT or VM_ENDED if the guest does not answer */
  countDetached(): Promise<number>;
  /** Called on the first of several failures to count. The VM stays. */
  onUnknown(reason: string): void;
  /** Called when no command runs. */
  onIdle(): void;
  /** Called when the guest has not answered for a minute. */
  onSilent(): void;
}

/**
 * Finds the moment when the last command has ended, attached or detached, and nobody came for the linger time. A guest that
 * fails to count its commands may run some, so it is not idle.
 */
export class IdleWatch implements CallCounter, Disposable {
  readonly #options: IdleWatchOptions;
  readonly #firstCall = new Deferred<void>();
  #activeCalls = 0;
  #timer: NodeJS.Timeout | undefined;
  #hasFailed = false;
  #silentSinceMs: number | undefined;
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
    this.#silentSinceMs = undefined;
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
    const timer = this.#timer;
    const askedMs = performance.now();
    const detached = await this.#options.countDetached().catch((error: unknown) => this.#fail(error, askedMs));
    if (typeof detached === 'number') {
      this.#hasFailed = false;
      this.#silentSinceMs = undefined;
    }
    // A call that ended meanwhile has set another timer, for the whole linger time.
    if (this.#activeCalls > 0 || this.#isOver || this.#timer !== timer) return;
    if (detached === 0) this.#options.onIdle();
    else if (this.#silentMs() >= SILENCE_MS_MAX) this.#options.onSilent();
    else this.#checkIn(DETACHED_POLL_MS);
  }

  #fail(error: unknown, askedMs: number): void {
    const isSilent = isMuvmError(error) && (error.code === 'TIMED_OUT' || error.code === 'VM_ENDED');
    this.#silentSinceMs = isSilent ? (this.#silentSinceMs ?? askedMs) : undefined;
    if (!this.#hasFailed && !this.#isOver) this.#options.onUnknown(reasonOf(error));
    this.#hasFailed = true;
  }

  #silentMs(): number {
    return this.#silentSinceMs === undefined ? 0 : performance.now() - this.#silentSinceMs;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}
