import type { Conversation, Question } from '../conversation.ts';
import { hideExtension, withoutHidden } from '../extension-names.ts';
import { ReplyFraming } from '../framing/index.ts';
import { LIST_EXTENSIONS, MESSAGE, QUERY_EXTENSION } from '../protocol.ts';
import { QUERY_VERSION, VERSION_MAX } from './extensions.ts';

/** What a client may read, in one piece, with the descriptors that go with its first byte. */
export interface Delivery {
  readonly bytes: Buffer;
  /** How many of those that came from the server, in their order. */
  readonly descriptors: number;
  /** Whether the device of this machine goes with it. */
  readonly hasRenderNode: boolean;
}

/** The longest reply that brings descriptors: BuffersFromPixmap with 255 of them. */
const REPLY_BYTES_MAX = MESSAGE.bytes + 255 * 8;

/** Byte 1 of a reply that brings descriptors: how many. */
const DESCRIPTOR_COUNT = 1;

/** The way from a server to its client where descriptors can cross. */
export class CrossDomainReplies {
  readonly #framing: ReplyFraming;

  constructor(conversation: Conversation) {
    this.#framing = new ReplyFraming(conversation, {
      needs: ({ opcode, about }, length) => {
        const isList = opcode === LIST_EXTENSIONS.opcode && length <= LIST_EXTENSIONS.replyBytesMax;
        const isOneDelivery = about?.kind === 'renderNode' || about?.kind === 'descriptors';
        return isList || (isOneDelivery && length <= REPLY_BYTES_MAX) ? 'whole' : 'beginning';
      },
      answer: (question, reply) => answer(conversation, question, reply),
    });
  }

  /** What was taken and is not yet passed on. */
  get heldBytes(): number {
    return this.#framing.heldBytes;
  }

  /** @param chunk is changed, and kept until it is passed on */
  feed(chunk: Buffer): Delivery[] {
    return this.#framing.feed(chunk).map(({ bytes, question }) => ({
      bytes,
      descriptors: question?.about?.kind === 'descriptors' ? (bytes[DESCRIPTOR_COUNT] as number) : 0,
      hasRenderNode: question?.about?.kind === 'renderNode',
    }));
  }
}

function answer(conversation: Conversation, { opcode, isHidden, about }: Question, reply: Buffer): Buffer {
  if (opcode === LIST_EXTENSIONS.opcode) return withoutHidden(conversation, reply);
  if (about?.kind === 'extension') learn(conversation, about.name, reply);
  if (isHidden) hideExtension(reply);
  if (about?.kind === 'version') clampVersion(conversation, reply);
  if (about?.kind === 'renderNode') return renderNodeReply(reply);
  return reply;
}

function learn({ extensions }: Conversation, name: string, reply: Buffer): void {
  if (reply[QUERY_EXTENSION.present] !== 0) extensions.set(reply[QUERY_EXTENSION.majorOpcode] as number, name);
}

function clampVersion({ byteOrder }: Conversation, reply: Buffer): void {
  const major = byteOrder.u32(reply, QUERY_VERSION.replyMajor);
  const minor = byteOrder.u32(reply, QUERY_VERSION.replyMinor);
  if (major < VERSION_MAX.major || (major === VERSION_MAX.major && minor <= VERSION_MAX.minor)) return;
  byteOrder.setU32(reply, QUERY_VERSION.replyMajor, VERSION_MAX.major);
  byteOrder.setU32(reply, QUERY_VERSION.replyMinor, VERSION_MAX.minor);
}

/** DRI3 Open: 1 number of descriptors, nothing else. The sequence number stays. */
function renderNodeReply(reply: Buffer): Buffer {
  reply[DESCRIPTOR_COUNT] = 1;
  reply.fill(0, MESSAGE.words, MESSAGE.bytes);
  return reply.subarray(0, MESSAGE.bytes);
}
