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

/**
 * Makes something that keeps what it acquires in a scope, and releases all of it where that fails.
 *
 * OWNERSHIP: what was made disposes of the scope.
 */
export async function inScope<T>(make: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = new Scope();
  try {
    return await make(scope);
  } catch (error) {
    await scope[Symbol.asyncDispose]();
    throw error;
  }
}
