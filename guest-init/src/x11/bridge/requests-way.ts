import { type CrossDomainChannel, IDENTIFIER_TYPES, type Identifier, SEND_DATA_BYTES_MAX } from '@muvm/virtgpu';
import { type Conversation, CrossDomainRequests, type Effect, type Step } from '@muvm/x11';
import { DescriptorQueue } from './descriptor-queue.ts';
import { closeAll } from './outgoing.ts';

/** What the way of a client's requests needs of its fences. */
export interface RequestFences {
  /** Shares the file of a fence. OWNERSHIP: takes the descriptor @returns what to send in its place @throws MuvmError */
  import(fence: number, fd: number): Identifier;
  /** The server has been told to forget it. One that was not imported is ignored: there are fences of other kinds. */
  destroy(fence: number): void;
  /** Something goes to the server, which may trigger a fence for it soon. */
  traffic(): void;
}

/** From a client to the server of the host: its bytes, and for each descriptor what stands for it there. */
export class RequestsWay implements Disposable {
  readonly #channel: CrossDomainChannel;
  readonly #fences: RequestFences;
  readonly #requests: CrossDomainRequests;
  readonly #descriptors = new DescriptorQueue('client');

  constructor(channel: CrossDomainChannel, fences: RequestFences, conversation: Conversation) {
    this.#channel = channel;
    this.#fences = fences;
    this.#requests = new CrossDomainRequests(conversation);
  }

  /** Whether the client's first message has been sent. */
  get isSetUp(): boolean {
    return this.#requests.isSetUp;
  }

  /** @param bytes may be changed, and are no longer needed afterwards. OWNERSHIP: takes the descriptors, also when it throws @throws MuvmError */
  forward(bytes: Buffer, descriptors: readonly number[]): void {
    this.#descriptors.push(descriptors);
    const rest = this.#requests.isSetUp ? bytes : this.#takeSetup(bytes);
    for (const step of this.#requests.feed(rest)) this.#carryOut(step);
    this.#fences.traffic();
  }

  /** @returns what came after it */
  #takeSetup(bytes: Buffer): Buffer {
    const first = this.#requests.takeSetup(bytes);
    if (!first) return Buffer.alloc(0);
    this.#send(first.setup);
    return first.rest;
  }

  #carryOut({ bytes, effect }: Step): void {
    if (effect?.kind === 'buffers') {
      this.#sendBuffers(bytes, effect);
    } else if (effect?.kind === 'fence') {
      const [fd] = this.#descriptors.take(1) as [number];
      this.#send(bytes, [this.#fences.import(effect.fence, fd)]);
    } else {
      if (effect?.kind === 'discard') closeAll(this.#descriptors.take(effect.count));
      this.#send(bytes);
      // The server forgets it first: the host changes its word as it lets go of it.
      if (effect?.kind === 'destroyFence') this.#fences.destroy(effect.fence);
    }
  }

  #sendBuffers(bytes: Buffer, { count }: Extract<Effect, { kind: 'buffers' }>): void {
    const descriptors = this.#descriptors.take(count);
    try {
      this.#channel.withBuffers(descriptors, (ids) =>
        this.#send(
          bytes,
          ids.map((id) => ({ id, type: IDENTIFIER_TYPES.blob })),
        ),
      );
    } finally {
      closeAll(descriptors);
    }
  }

  #send(bytes: Buffer, identifiers: readonly Identifier[] = []): void {
    for (let at = 0; at < bytes.length; at += SEND_DATA_BYTES_MAX) {
      this.#channel.send(bytes.subarray(at, at + SEND_DATA_BYTES_MAX), at === 0 ? identifiers : []);
    }
  }

  [Symbol.dispose](): void {
    this.#descriptors[Symbol.dispose]();
  }
}
