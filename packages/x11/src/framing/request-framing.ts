import { MuvmError } from '@muvm/errors';
import { byteOrderOf, kept, NOTHING, padded } from '../byte-order.ts';
import type { Conversation } from '../conversation.ts';
import { REQUEST, SETUP } from '../protocol.ts';

/** A request whose fixed part is there. */
export interface Request {
  readonly opcode: number;
  /** Where what follows the header begins, from the beginning of the request: 4, or 8 with BIG-REQUESTS. */
  readonly headerBytes: number;
  /** Of the whole request, in bytes. */
  readonly length: number;
  /** From 1 on. */
  readonly sequence: number;
}

/** What is done with the requests of a client. */
export interface RequestPolicy {
  /** How many bytes of a request, from its beginning, decide on what is done with it. Asked again when more is there. */
  looksAt(bytes: Buffer, at: number, headerBytes: number): number;
  /** Told of each request once, when that much of it is there (or all of it, if it has less). May change those bytes. */
  pass(bytes: Buffer, at: number, request: Request): void;
}

/** Finds where the messages of a client begin, however they are cut. */
export class RequestFraming {
  readonly #conversation: Conversation;
  readonly #policy: RequestPolicy;
  /** The beginning of a message whose kind cannot be told yet. */
  #head: Buffer = NOTHING;
  /** What is still to come of a message whose kind is known. */
  #bodyBytes = 0;
  #sequence = 0;
  #isSetUp = false;
  #fault: unknown;

  constructor(conversation: Conversation, policy: RequestPolicy) {
    this.#conversation = conversation;
    this.#policy = policy;
  }

  /** What was taken and is not yet passed on. */
  get heldBytes(): number {
    return this.#head.length;
  }

  /** Whether the setup has passed, after which requests follow. */
  get isSetUp(): boolean {
    return this.#isSetUp;
  }

  /**
   * Takes the first message: the setup, whole.
   *
   * @returns it and what came after it, which is to be given to {@link feed}; undefined until enough has come
   * @throws MuvmError PROTOCOL
   */
  takeSetup(chunk: Buffer): { readonly setup: Buffer; readonly rest: Buffer } | undefined {
    return this.#orFault(() => this.#takeSetup(chunk));
  }

  #takeSetup(chunk: Buffer) {
    // A copy, as the caller may use the memory again before the rest has come.
    const bytes = Buffer.concat([this.#head, chunk]);
    this.#head = bytes;
    if (bytes.length < 1) return undefined;
    const order = byteOrderOf(bytes[0] as number);
    if (bytes.length < SETUP.headerBytes) return undefined;
    const total =
      SETUP.headerBytes + padded(order.u16(bytes, SETUP.nameLength)) + padded(order.u16(bytes, SETUP.dataLength));
    if (total > SETUP.bytesMax) {
      throw new MuvmError('PROTOCOL', `Cannot take an X11 setup of ${total} bytes as ${SETUP.bytesMax} is the most`);
    }
    if (bytes.length < total) return undefined;
    this.#conversation.byteOrder = order;
    this.#isSetUp = true;
    this.#head = NOTHING;
    return { setup: bytes.subarray(0, total), rest: bytes.subarray(total) };
  }

  /**
   * Takes what comes after the setup.
   *
   * @param chunk is changed, and kept until it is passed on
   * @returns what the server may read; offsets that the policy was told are offsets into it
   * @throws MuvmError PROTOCOL, and the same whenever it is fed again
   */
  feed(chunk: Buffer): Buffer {
    return this.#orFault(() => this.#feed(chunk));
  }

  #feed(chunk: Buffer): Buffer {
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    let position = Math.min(this.#bodyBytes, bytes.length);
    this.#bodyBytes -= position;
    while (position < bytes.length) {
      const length = this.#request(bytes, position);
      if (length === undefined) break;
      const present = Math.min(length, bytes.length - position);
      this.#bodyBytes = length - present;
      position += present;
    }
    this.#head = kept(bytes, position);
    return bytes.subarray(0, position);
  }

  /** What follows a fault can be anything: nothing of it may be taken for a request. */
  #orFault<T>(body: () => T): T {
    if (this.#fault !== undefined) throw this.#fault;
    try {
      return body();
    } catch (error) {
      this.#fault = error;
      throw error;
    }
  }

  /** @returns the length of the request that begins there; undefined where too little of it is there to tell what it is */
  #request(bytes: Buffer, at: number): number | undefined {
    const available = bytes.length - at;
    if (available < REQUEST.headerBytes) return undefined;
    const order = this.#conversation.byteOrder;
    const words = order.u16(bytes, at + REQUEST.words);
    const isBig = words === 0;
    if (isBig && !this.#conversation.hasBigRequests) {
      throw new MuvmError('PROTOCOL', 'Cannot take an X11 request of no length from a client without BIG-REQUESTS');
    }
    if (isBig && available < REQUEST.bigHeaderBytes) return undefined;
    const length = 4 * (isBig ? order.u32(bytes, at + REQUEST.bigWords) : words);
    const headerBytes = isBig ? REQUEST.bigHeaderBytes : REQUEST.headerBytes;
    if (length < headerBytes) {
      throw new MuvmError(
        'PROTOCOL',
        `Cannot take an X11 request of ${length} bytes as it must be at least ${headerBytes}`,
      );
    }
    if (available < Math.min(length, this.#policy.looksAt(bytes, at, headerBytes))) return undefined;
    this.#sequence += 1;
    const request = { opcode: bytes[at] as number, headerBytes, length, sequence: this.#sequence };
    this.#policy.pass(bytes, at, request);
    return length;
  }
}
