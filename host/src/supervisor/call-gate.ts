import type { MuvmError } from '@muvm/errors';
import { Deferred } from '@muvm/lifetime';
import type { GuestRpc } from '../driver/index.ts';

/** Where calls wait until the guest is up. It opens once and closes once. */
export class CallGate {
  readonly #opened = new Deferred<GuestRpc>();
  readonly #closed = new Deferred<MuvmError>();
  #lateReason: MuvmError | undefined;

  /** The reason the gate closed for, as soon as it has. */
  readonly closed: Promise<MuvmError> = this.#closed.promise;

  open(rpc: GuestRpc): void {
    this.#opened.resolve(rpc);
  }

  /**
   * Ends all waiting with a reason; the first one stays.
   *
   * @param lateReason what calls are told that come from now on, where that is another thing
   */
  close(reason: MuvmError, lateReason: MuvmError = reason): void {
    this.#lateReason ??= lateReason;
    this.#opened.reject(reason);
    this.#closed.resolve(reason);
  }

  /** Waits for the guest. @throws MuvmError the reason the gate closed for */
  async pass(): Promise<GuestRpc> {
    if (this.#lateReason) throw this.#lateReason;
    return await this.#opened.promise;
  }
}
