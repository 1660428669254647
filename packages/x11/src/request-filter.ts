import { MuvmError } from '@muvm/errors';
import { byteOrderOf, kept, NOTHING, padded } from './byte-order.ts';
import type { Conversation } from './conversation.ts';
import {
  BIG_REQUESTS_ENABLE,
  EXTENSION_NAME_BYTES_MAX,
  FIRST_EXTENSION_OPCODE,
  LIST_EXTENSIONS,
  NO_OPCODE,
  QUERY_EXTENSION,
  REQUEST,
  SETUP,
} from './protocol.ts';

/**
 * The way from a client to its server. Everything is passed on as it is, but for requests of extensions that cannot cross:
 * they become requests that no server has, so that it answers with an error and the numbers of those after them stay right.
 */
export class RequestFilter {
  readonly #conversation: Conversation;
  /** The beginning of a message whose kind cannot be told yet. */
  #head: Buffer = NOTHING;
  /** What is still to come of a message whose kind is known. */
  #bodyBytes = 0;
  #sequence = 0;
  #isSetUp = false;
  #hasBigRequests = false;
  #fault: unknown;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
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
    const bytes = joined(this.#head, chunk);
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
   * @returns what the server may read
   * @throws MuvmError PROTOCOL, and the same whenever it is fed again
   */
  feed(chunk: Buffer): Buffer {
    return this.#orFault(() => this.#feed(chunk));
  }

  #feed(chunk: Buffer): Buffer {
    const bytes = joined(this.#head, chunk);
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
    if (bytes.length - at < REQUEST.headerBytes) return undefined;
    const order = this.#conversation.byteOrder;
    const opcode = bytes[at] as number;
    const words = order.u16(bytes, at + REQUEST.words);
    const isBig = words === 0;
    if (isBig && !this.#hasBigRequests) {
      throw new MuvmError('PROTOCOL', 'Cannot take an X11 request of no length from a client without BIG-REQUESTS');
    }
    if (isBig && bytes.length - at < REQUEST.bigHeaderBytes) return undefined;
    const length = 4 * (isBig ? order.u32(bytes, at + REQUEST.bigWords) : words);
    const headerBytes = isBig ? REQUEST.bigHeaderBytes : REQUEST.headerBytes;
    if (length < headerBytes) {
      throw new MuvmError(
        'PROTOCOL',
        `Cannot take an X11 request of ${length} bytes as it must be at least ${headerBytes}`,
      );
    }
    const neededBytes = Math.min(length, this.#looksAt(bytes, at, headerBytes));
    if (bytes.length - at < neededBytes) return undefined;
    this.#pass(bytes, at, { opcode, headerBytes, length });
    return length;
  }

  /** How many bytes of a request, from its beginning, decide on what is done with it. */
  #looksAt(bytes: Buffer, at: number, headerBytes: number): number {
    if (bytes[at] !== QUERY_EXTENSION.opcode) return headerBytes;
    const fixedBytes = headerBytes + QUERY_EXTENSION.name - REQUEST.headerBytes;
    if (bytes.length - at < fixedBytes) return fixedBytes;
    const nameBytes = this.#conversation.byteOrder.u16(bytes, at + headerBytes);
    return fixedBytes + Math.min(nameBytes, EXTENSION_NAME_BYTES_MAX);
  }

  #pass(bytes: Buffer, at: number, request: { opcode: number; headerBytes: number; length: number }): void {
    const { opcode, headerBytes, length } = request;
    const conversation = this.#conversation;
    this.#sequence += 1;
    if (opcode === QUERY_EXTENSION.opcode || opcode === LIST_EXTENSIONS.opcode) {
      const isHidden =
        opcode === QUERY_EXTENSION.opcode && this.#asksForHidden(bytes, at + headerBytes, length - headerBytes);
      conversation.ask({ sequence: this.#sequence, opcode, isHidden });
    } else if (opcode >= FIRST_EXTENSION_OPCODE) {
      if (opcode === conversation.bigRequestsOpcode) {
        // Other lengths are refused by the server, and change nothing.
        this.#hasBigRequests ||= bytes[at + 1] === BIG_REQUESTS_ENABLE && length === REQUEST.headerBytes;
      } else if (conversation.blocked(opcode)) {
        bytes[at] = NO_OPCODE;
      }
    }
  }

  #asksForHidden(bytes: Buffer, at: number, bodyBytes: number): boolean {
    const nameAt = QUERY_EXTENSION.name - REQUEST.headerBytes;
    if (bodyBytes < nameAt) return false;
    const nameBytes = this.#conversation.byteOrder.u16(bytes, at);
    if (nameBytes > EXTENSION_NAME_BYTES_MAX || nameAt + nameBytes > bodyBytes) return false;
    return this.#conversation.hidden.has(bytes.toString('latin1', at + nameAt, at + nameAt + nameBytes));
  }
}

function joined(head: Buffer, chunk: Buffer): Buffer {
  return head.length === 0 ? chunk : Buffer.concat([head, chunk]);
}
