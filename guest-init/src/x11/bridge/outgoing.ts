import { closeSync } from 'node:fs';
import { sendMessage } from '@muvm/linux';

interface Pending {
  bytes: Buffer;
  descriptors: readonly number[];
}

/** What a client has not read yet, in order. Disposal closes the descriptors among it. */
export class Outgoing implements Disposable {
  readonly #socket: number;
  #pending: Pending[] = [];
  #bytes = 0;

  constructor(socket: number) {
    this.#socket = socket;
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param bytes at least 1, not to be changed afterwards. OWNERSHIP: takes the descriptors, which go with the first of them */
  push(bytes: Buffer, descriptors: readonly number[] = []): void {
    this.#pending.push({ bytes, descriptors });
    this.#bytes += bytes.length;
  }

  /** Writes what the client takes now. @returns whether nothing is left @throws a system error */
  flush(): boolean {
    let done = 0;
    for (const next of this.#pending) {
      const taken = sendMessage(this.#socket, next.bytes, next.descriptors);
      if (taken === 0) break;
      this.#bytes -= taken;
      closeAll(next.descriptors);
      next.descriptors = [];
      next.bytes = next.bytes.subarray(taken);
      if (next.bytes.length > 0) break;
      done += 1;
    }
    this.#pending.splice(0, done);
    return this.#pending.length === 0;
  }

  [Symbol.dispose](): void {
    for (const { descriptors } of this.#pending) closeAll(descriptors);
    this.#pending = [];
  }
}

export function closeAll(descriptors: readonly number[]): void {
  for (const fd of descriptors) closeSync(fd);
}
