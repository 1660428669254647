/**
 * nghttp2 (1.57 and later, so every Node in use) ends a whole session whose client sends more than 1000 RST_STREAM at
 * once or 33 a second on average, and Node 20 cannot change that. These stay below.
 */
const BURST_RESETS = 900;
const RESETS_PER_SECOND = 30;
const REFILL_MS = 1000;

/**
 * Spreads the resets that the client of one HTTP/2 session sends, so that many streams that break at once do not take
 * the others with them. A reset beyond the budget is sent later, in its turn; the stream stays open until then.
 */
export class ResetBudget {
  #tokens = BURST_RESETS;
  readonly #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Runs what sends one reset: at once, or when its turn has come. */
  spend(reset: () => void): void {
    this.#refillLater();
    if (this.#tokens > 0) {
      this.#tokens -= 1;
      reset();
    } else {
      this.#waiting.push(reset);
    }
  }

  /** Runs all that waits now, for a session that has ended and sends nothing any more. */
  release(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const reset of this.#waiting.splice(0)) reset();
    this.#tokens = BURST_RESETS;
  }

  #refillLater(): void {
    this.#timer ??= setInterval(() => this.#refill(), REFILL_MS).unref();
  }

  #refill(): void {
    this.#tokens = Math.min(BURST_RESETS, this.#tokens + RESETS_PER_SECOND);
    for (const reset of this.#waiting.splice(0, this.#tokens)) {
      this.#tokens -= 1;
      reset();
    }
    if (this.#tokens < BURST_RESETS) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
