import { kept, NOTHING } from '../byte-order.ts';
import type { Conversation, Question } from '../conversation.ts';
import { ERROR_MAJOR_OPCODE, MESSAGE, SETUP_REPLY } from '../protocol.ts';

/** What a client may read, in one piece. */
export interface Piece {
  readonly bytes: Buffer;
  /** Set where the piece is one whole answer that the policy wants to be by itself. */
  readonly question?: Question;
}

/** What is done with the answer to a question. */
export interface ReplyPolicy {
  /**
   * How much of the reply must be there. A reply of which all must be there is one piece by itself.
   *
   * @param length of the whole reply, in bytes
   */
  needs(question: Question, length: number): 'beginning' | 'whole';
  /** @param reply its beginning, which may be changed, or all of it @returns what to put in the place of a whole one */
  answer(question: Question, reply: Buffer): Buffer;
}

type Phase = 'setup' | 'messages' | 'refused';

/** Finds where the messages of a server begin, however they are cut, and which of them answer questions. */
export class ReplyFraming {
  readonly #conversation: Conversation;
  readonly #policy: ReplyPolicy;
  #head: Buffer = NOTHING;
  #bodyBytes = 0;
  #phase: Phase = 'setup';

  constructor(conversation: Conversation, policy: ReplyPolicy) {
    this.#conversation = conversation;
    this.#policy = policy;
  }

  /** What was taken and is not yet passed on. */
  get heldBytes(): number {
    return this.#head.length;
  }

  /** @param chunk is changed, and kept until it is passed on */
  feed(chunk: Buffer): Piece[] {
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const pieces: Piece[] = [];
    let passedFrom = 0;
    let position = Math.min(this.#bodyBytes, bytes.length);
    this.#bodyBytes -= position;
    while (position < bytes.length) {
      const message = this.#message(bytes, position);
      if (message === undefined) break;
      const present = Math.min(message.length, bytes.length - position);
      this.#bodyBytes = message.length - present;
      if (message.piece) {
        pieces.push({ bytes: bytes.subarray(passedFrom, position) }, message.piece);
        passedFrom = position + present;
      }
      position += present;
    }
    this.#head = kept(bytes, position);
    pieces.push({ bytes: bytes.subarray(passedFrom, position) });
    return pieces.filter((piece) => piece.bytes.length > 0);
  }

  /** Undefined where too little is there to tell its length, or what to put in its place. */
  #message(bytes: Buffer, at: number): { readonly length: number; readonly piece?: Piece } | undefined {
    if (this.#phase === 'refused') return { length: bytes.length - at };
    if (this.#phase === 'setup') return this.#setup(bytes, at);
    if (bytes.length - at < MESSAGE.bytes) return undefined;
    const order = this.#conversation.byteOrder;
    const code = (bytes[at] as number) & MESSAGE.codeMask;
    const hasMore = code === MESSAGE.genericEvent || bytes[at] === MESSAGE.reply;
    const length = MESSAGE.bytes + (hasMore ? 4 * order.u32(bytes, at + MESSAGE.words) : 0);
    if (bytes[at] !== MESSAGE.reply && bytes[at] !== MESSAGE.error) return { length };
    return this.#answer(bytes, at, length);
  }

  #setup(bytes: Buffer, at: number): { readonly length: number } | undefined {
    if (bytes.length - at < SETUP_REPLY.headerBytes) return undefined;
    this.#phase = bytes[at] === SETUP_REPLY.success ? 'messages' : 'refused';
    return { length: SETUP_REPLY.headerBytes + 4 * this.#conversation.byteOrder.u16(bytes, at + SETUP_REPLY.words) };
  }

  #answer(bytes: Buffer, at: number, length: number) {
    const conversation = this.#conversation;
    const question = conversation.next(conversation.byteOrder.u16(bytes, at + MESSAGE.sequence));
    if (question === undefined) return { length };
    if (bytes[at] === MESSAGE.error) {
      if (bytes[at + ERROR_MAJOR_OPCODE] === question.opcode) conversation.shift();
      return { length };
    }
    if (this.#policy.needs(question, length) === 'beginning') {
      conversation.shift();
      this.#policy.answer(question, bytes.subarray(at, at + MESSAGE.bytes));
      return { length };
    }
    if (bytes.length - at < length) return undefined;
    conversation.shift();
    return { length, piece: { bytes: this.#policy.answer(question, bytes.subarray(at, at + length)), question } };
  }
}
