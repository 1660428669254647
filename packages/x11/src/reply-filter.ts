import { kept, NOTHING, padded } from './byte-order.ts';
import type { Conversation, Question } from './conversation.ts';
import { ERROR_MAJOR_OPCODE, LIST_EXTENSIONS, MESSAGE, QUERY_EXTENSION, SETUP_REPLY } from './protocol.ts';

type Phase = 'setup' | 'messages' | 'refused';

/**
 * The way from a server to its client. Everything is passed on as it is, but for the answers about extensions that cannot
 * cross: there are none of them.
 */
export class ReplyFilter {
  readonly #conversation: Conversation;
  #head: Buffer = NOTHING;
  #bodyBytes = 0;
  #phase: Phase = 'setup';

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** What was taken and is not yet passed on. */
  get heldBytes(): number {
    return this.#head.length;
  }

  /** @param chunk is changed, and kept until it is passed on @returns what the client may read, in pieces */
  feed(chunk: Buffer): Buffer[] {
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const pieces: Buffer[] = [];
    let passedFrom = 0;
    let position = Math.min(this.#bodyBytes, bytes.length);
    this.#bodyBytes -= position;
    while (position < bytes.length) {
      const message = this.#message(bytes, position);
      if (message === undefined) break;
      const present = Math.min(message.length, bytes.length - position);
      this.#bodyBytes = message.length - present;
      if (message.replacement) {
        pieces.push(bytes.subarray(passedFrom, position), message.replacement);
        passedFrom = position + present;
      }
      position += present;
    }
    this.#head = kept(bytes, position);
    pieces.push(bytes.subarray(passedFrom, position));
    return pieces.filter((piece) => piece.length > 0);
  }

  /** Undefined where too little is there to tell its length, or what to put in its place. */
  #message(bytes: Buffer, at: number): { readonly length: number; readonly replacement?: Buffer } | undefined {
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
    const sequence = conversation.byteOrder.u16(bytes, at + MESSAGE.sequence);
    const question = conversation.next(sequence);
    if (question === undefined) return { length };
    const isError = bytes[at] === MESSAGE.error;
    if (isError && bytes[at + ERROR_MAJOR_OPCODE] !== question.opcode) return { length };
    const isList = !isError && question.opcode === LIST_EXTENSIONS.opcode && length <= LIST_EXTENSIONS.replyBytesMax;
    if (isList && bytes.length - at < length) return undefined;
    conversation.shift();
    if (isList) return { length, replacement: this.#withoutHidden(bytes.subarray(at, at + length)) };
    if (!isError) hide(bytes, at, question);
    return { length };
  }

  /** The same reply with the names of hidden extensions left out. */
  #withoutHidden(reply: Buffer): Buffer {
    const names = readNames(reply).filter((name) => !this.#conversation.hidden.has(name.toString('latin1')));
    const body = Buffer.concat(names.flatMap((name) => [Buffer.of(name.length), name]));
    const changed = Buffer.alloc(MESSAGE.bytes + padded(body.length));
    reply.copy(changed, 0, 0, MESSAGE.bytes);
    body.copy(changed, LIST_EXTENSIONS.names);
    changed[LIST_EXTENSIONS.count] = names.length;
    this.#conversation.byteOrder.setU32(changed, MESSAGE.words, padded(body.length) / 4);
    return changed;
  }
}

function hide(bytes: Buffer, at: number, { isHidden }: Question): void {
  if (isHidden) bytes.fill(0, at + QUERY_EXTENSION.present, at + QUERY_EXTENSION.present + 4);
}

function readNames(reply: Buffer): Buffer[] {
  const names: Buffer[] = [];
  let at: number = LIST_EXTENSIONS.names;
  for (let left = reply[LIST_EXTENSIONS.count] as number; left > 0 && at < reply.length; left -= 1) {
    const end = at + 1 + (reply[at] as number);
    names.push(reply.subarray(at + 1, Math.min(end, reply.length)));
    at = end;
  }
  return names;
}
