/** One deadline at a time. */
export class Watchdog {
  /** What was late. Undefined as long as nothing was. */
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
