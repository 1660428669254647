import { createFutexWatcher, type FutexWatcher, MissedWakes, type SharedMemory } from '@muvm/linux';
import type { Reactor } from './reactor.ts';

interface Watchers {
  readonly futexes: FutexWatcher;
  readonly missed: MissedWakes;
}

/**
 * The words of all fences of all clients. What it needs it makes for the first of them: most clients have none. Disposal
 * ends all.
 */
export class FenceWatch implements Disposable {
  readonly #onWoken = new Map<number, () => void>();
  readonly #create: () => FutexWatcher;
  #reactor: Reactor | undefined;
  #watchers: Watchers | undefined;
  #lastId = 0;

  constructor(create: () => FutexWatcher = createFutexWatcher) {
    this.#create = create;
  }

  /** Where it waits. The first one counts; the others must be the same. */
  watchIn(reactor: Reactor): void {
    this.#reactor ??= reactor;
  }

  /** @param onWoken a program of this machine woke who waits for the word, or may have @returns a number that no other word had or will have */
  add(word: SharedMemory, onWoken: () => void): number {
    this.#watchers ??= this.#start();
    this.#lastId += 1;
    const id = this.#lastId;
    this.#watchers.futexes.watch(id, word);
    this.#watchers.missed.add(id, word);
    this.#onWoken.set(id, onWoken);
    return id;
  }

  /** The memory may be unmapped once this returns. */
  delete(id: number): void {
    this.#onWoken.delete(id);
    this.#watchers?.missed.delete(id);
    this.#watchers?.futexes.unwatch(id);
  }

  /** The host has signalled a word. */
  signalled(id: number): void {
    this.#watchers?.missed.signalled(id);
  }

  /** To be called when something goes to the host, which may trigger a fence for it soon. */
  traffic(): void {
    this.#watchers?.missed.traffic();
  }

  #start(): Watchers {
    const futexes = this.#create();
    const missed = new MissedWakes();
    this.#reactor?.add(futexes.fd, { onEvents: () => this.#tell(futexes.take()) });
    this.#reactor?.add(missed.fd, { onEvents: () => missed.tick() });
    return { futexes, missed };
  }

  #tell(ids: readonly number[]): void {
    // Who is told may delete others.
    for (const id of ids) this.#onWoken.get(id)?.();
  }

  [Symbol.dispose](): void {
    if (!this.#watchers) return;
    const { futexes, missed } = this.#watchers;
    this.#watchers = undefined;
    for (const watcher of [missed, futexes]) {
      this.#reactor?.remove(watcher.fd);
      watcher[Symbol.dispose]();
    }
  }
}
