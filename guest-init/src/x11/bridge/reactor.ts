import { EPOLL_EVENTS, Epoll } from '@muvm/linux';

export interface Watch {
  /** @param events sum of EPOLL_EVENTS */
  onEvents(events: number): void;
}

/** Calls who waits for a descriptor when something is true of it. One thread, one at a time. */
export class Reactor implements Disposable {
  readonly #epoll = new Epoll();
  readonly #watches = new Map<number, Watch>();

  /** @param events sum of EPOLL_EVENTS; reading alone if left out */
  add(fd: number, watch: Watch, events: number = EPOLL_EVENTS.in): void {
    this.#epoll.add(fd, events);
    this.#watches.set(fd, watch);
  }

  change(fd: number, events: number): void {
    this.#epoll.change(fd, events);
  }

  /** Before the descriptor is closed, as its number may be another's at once. */
  remove(fd: number): void {
    if (this.#watches.delete(fd)) this.#epoll.remove(fd);
  }

  /** Waits once, blocking, and calls. @param timeoutMs undefined: for ever */
  turn(timeoutMs?: number): void {
    const events = this.#epoll.wait(timeoutMs);
    // Who is called may remove others, whose number may be taken again by a descriptor to which the event does not belong.
    const called = events.map(({ fd, events: which }) => ({ fd, which, watch: this.#watches.get(fd) }));
    for (const { fd, which, watch } of called) if (watch && this.#watches.get(fd) === watch) watch.onEvents(which);
  }

  [Symbol.dispose](): void {
    this.#epoll[Symbol.dispose]();
  }
}
