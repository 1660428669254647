import { closeSync } from 'node:fs';
import { EPOLL_EVENTS, Epoll, receiveMessage, sendMessage } from '@muvm/linux';

const WAIT_MS = 20_000;

/** A socket that is read in exact lengths, blocking, with the descriptors that have come. */
export class Connection implements Disposable {
  /** Those that nobody has taken, in order. */
  readonly descriptors: number[] = [];
  readonly #fd: number;
  readonly #epoll = new Epoll();
  readonly #buffer = Buffer.alloc(64 * 1024);
  #bytes = Buffer.alloc(0);

  constructor(fd: number) {
    this.#fd = fd;
    this.#epoll.add(fd, EPOLL_EVENTS.in);
  }

  /** The next bytes; undefined where the other end has closed. @throws Error after a long wait */
  take(length: number): Buffer | undefined {
    while (this.#bytes.length < length) {
      if (this.#epoll.wait(WAIT_MS).length === 0)
        throw new Error(`Nothing comes, with ${this.#bytes.length} of ${length} bytes there`);
      const message = receiveMessage(this.#fd, this.#buffer);
      if (!message) continue;
      this.descriptors.push(...message.descriptors);
      if (message.length === 0) return undefined;
      this.#bytes = Buffer.concat([this.#bytes, this.#buffer.subarray(0, message.length)]);
    }
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  send(bytes: Buffer, descriptors: readonly number[] = []): void {
    if (sendMessage(this.#fd, bytes, descriptors) !== bytes.length) throw new Error('The socket is full');
  }

  [Symbol.dispose](): void {
    this.#epoll[Symbol.dispose]();
    for (const fd of this.descriptors) closeSync(fd);
    closeSync(this.#fd);
  }
}
