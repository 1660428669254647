import type { Reactor } from './reactor.ts';
import type { RequestFences } from './requests-way.ts';

/** The fences of one client. */
export interface ClientFences extends RequestFences, Disposable {
  /** @param guard runs what may fail in the client's name */
  watchIn(reactor: Reactor, guard: (use: () => void) => void): void;
  /** Somebody on the host woke who waits for a fence. */
  signalled(id: number): void;
}
