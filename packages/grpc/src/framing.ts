import { MuvmError } from '@muvm/errors';

// Length-Prefixed-Message: 0 u8 compressed · 1 u32 length, big-endian · 5 message
const PREFIX_BYTES = 5;

/** Builds the prefix of a message of `messageBytes`. */
export function framePrefix(messageBytes: number): Buffer {
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix[0] = 0;
  prefix.writeUInt32BE(messageBytes, 1);
  return prefix;
}

/** Puts its prefix before a message. */
export function framed(message: Uint8Array): Buffer {
  return Buffer.concat([framePrefix(message.length), message]);
}

/** Cuts the bytes of a stream into messages of at most `messageBytesMax`. */
export class MessageReader {
  readonly #messageBytesMax: number;
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  #wantedBytes = PREFIX_BYTES;

  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /** Returns the messages that `chunk` completes. @throws MuvmError PROTOCOL if one is too long or compressed */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length;
    const messages: Buffer[] = [];
    while (this.#heldBytes >= this.#wantedBytes) {
      const bytes = this.#join();
      this.#wantedBytes = PREFIX_BYTES + this.#readLength(bytes);
      if (bytes.length < this.#wantedBytes) break;
      messages.push(bytes.subarray(PREFIX_BYTES, this.#wantedBytes));
      this.#keep(bytes.subarray(this.#wantedBytes));
    }
    return messages;
  }

  /** Whether the stream may end here. */
  get isBetweenMessages(): boolean {
    return this.#heldBytes === 0;
  }

  #join(): Buffer {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    return bytes;
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#heldBytes = rest.length;
    this.#wantedBytes = PREFIX_BYTES;
  }

  #readLength(bytes: Buffer): number {
    if (bytes[0] !== 0) throw new MuvmError('PROTOCOL', 'Cannot read a gRPC message: compressed flag is set');
    const length = bytes.readUInt32BE(1);
    if (length <= this.#messageBytesMax) return length;
    throw new MuvmError(
      'PROTOCOL',
      `Cannot read a gRPC message of ${length} bytes: expected at most ${this.#messageBytesMax}`,
    );
  }
}
