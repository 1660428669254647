type Release = () => void | PromiseLike<void>;

/**
 * Holds resources and releases them in the reverse order of their arrival, each one even where another's release
 * throws. Stands in for `AsyncDisposableStack`, which Node 20 lacks.
 */
export class Scope implements AsyncDisposable {
  readonly #releases: Release[] = [];
  #disposal: Promise<void> | undefined;

  /** Hands a resource over; it is returned as it came. */
  use<T extends AsyncDisposable | Disposable>(resource: T): T {
    this.defer(() => (Symbol.asyncDispose in resource ? resource[Symbol.asyncDispose]() : resource[Symbol.dispose]()));
    return resource;
  }

  /** Adds what is to be done at the end. */
  defer(release: Release): void {
    if (this.#disposal) throw new TypeError('Cannot add to a scope that has been released');
    this.#releases.push(release);
  }

  /** Releases once; a second call waits for the first. @throws AggregateError with all that the releases threw. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#releaseAll();
    return this.#disposal;
  }

  async #releaseAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const release of this.#releases.reverse()) {
      try {
        await release();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of the releases failed`);
  }
}
