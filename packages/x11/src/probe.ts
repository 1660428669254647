import { byteOrderOf, padded } from './byte-order.ts';
import { MESSAGE, QUERY_EXTENSION, SETUP_REPLY } from './protocol.ts';

/** What a server said to a connection that only asks. */
export interface ServerFacts {
  /** The opcode of each extension that was asked for and that it has. */
  readonly opcodes: ReadonlyMap<string, number>;
  /** Why it lets nobody in with that setup. */
  readonly refusal: string | undefined;
}

/** The setup of a server is some thousand bytes; one of more than that has too many screens to be true. */
const ANSWER_BYTES_MAX = 1024 * 1024;

/** A conversation that asks a server for extensions by their names, and then is over. */
export class ServerProbe {
  /** What to send. */
  readonly request: Buffer;
  readonly #names: readonly string[];
  readonly #order;
  #answer = Buffer.alloc(0);

  /** @param setup as a client sends it @param names at most 255 bytes each */
  constructor(setup: Buffer, names: readonly string[]) {
    this.#order = byteOrderOf(setup[0] as number);
    this.#names = names;
    this.request = Buffer.concat([setup, ...names.map((name) => this.#question(name))]);
  }

  #question(name: string): Buffer {
    const bytes = Buffer.alloc(QUERY_EXTENSION.name + padded(name.length));
    bytes[0] = QUERY_EXTENSION.opcode;
    this.#order.setU16(bytes, 2, bytes.length / 4);
    this.#order.setU16(bytes, QUERY_EXTENSION.nameLength, name.length);
    bytes.write(name, QUERY_EXTENSION.name, 'latin1');
    return bytes;
  }

  /** @returns undefined until all has been answered @throws RangeError where the answer has no end */
  feed(chunk: Buffer): ServerFacts | undefined {
    this.#answer = Buffer.concat([this.#answer, chunk]);
    if (this.#answer.length > ANSWER_BYTES_MAX) throw new RangeError('Cannot take so long an answer of an X server');
    if (this.#answer.length < SETUP_REPLY.headerBytes) return undefined;
    const setupBytes = SETUP_REPLY.headerBytes + 4 * this.#order.u16(this.#answer, SETUP_REPLY.words);
    if (this.#answer.length < setupBytes) return undefined;
    if (this.#answer[0] !== SETUP_REPLY.success) return { opcodes: new Map(), refusal: this.#reason(setupBytes) };
    return this.#opcodes(this.#answer.subarray(setupBytes));
  }

  #reason(setupBytes: number): string {
    const isFailure = this.#answer[0] === SETUP_REPLY.failed;
    const end = isFailure ? SETUP_REPLY.headerBytes + (this.#answer[SETUP_REPLY.reasonLength] as number) : setupBytes;
    return this.#answer
      .toString('latin1', SETUP_REPLY.headerBytes, Math.min(end, setupBytes))
      .replaceAll(/[^\x20-\x7e]+/g, ' ')
      .trim();
  }

  /** Answers come in the order of the questions. Between them may be events that go to every client, such as MappingNotify. */
  #opcodes(messages: Buffer): ServerFacts | undefined {
    const opcodes = new Map<string, number>();
    let answers = 0;
    for (let at = 0; answers < this.#names.length; at += MESSAGE.bytes) {
      if (at + MESSAGE.bytes > messages.length) return undefined;
      const message = messages.subarray(at, at + MESSAGE.bytes);
      if (message[0] !== MESSAGE.reply && message[0] !== MESSAGE.error) continue;
      const isPresent = message[0] === MESSAGE.reply && message[QUERY_EXTENSION.present] !== 0;
      if (isPresent) opcodes.set(this.#names[answers] as string, message[QUERY_EXTENSION.majorOpcode] as number);
      answers += 1;
    }
    return { opcodes, refusal: undefined };
  }
}
