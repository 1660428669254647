import type { MuvmError } from '@muvm/errors';
import { Deferred } from '@muvm/lifetime';
import type { GuestRpc } from '../driver/index.ts';

/**
 * Where calls wait until the guest is up. It opens once and closes once; a closed gate tells every caller, early or
 * late, the same reason.
 */
export class CallGate {
  readonly #opened = new Deferred<GuestRpc>();
  readonly #closed = new Deferred<MuvmError>();
  #closedWith: MuvmError | undefined;

  /** The reason the gate closed for, as soon as it has. */
  readonly closed: Promise<MuvmError> = this.#closed.promise;

  open(rpc: GuestRpc): void {
    this.#opened.resolve(rpc);
  }

  /** The first reason stays. */
  close(reason: MuvmError): void {
    this.#closedWith ??= reason;
    this.#opened.reject(this.#closedWith);
    this.#closed.resolve(this.#closedWith);
  }

  /** Waits for the guest. @throws MuvmError the reason the gate closed for */
  async pass(): Promise<GuestRpc> {
    if (this.#closedWith) throw this.#closedWith;
    return await this.#opened.promise;
  }
}
