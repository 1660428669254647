import type { Conversation } from './conversation.ts';
import { hideExtension, withoutHidden } from './extension-names.ts';
import { ReplyFraming } from './framing/index.ts';
import { LIST_EXTENSIONS } from './protocol.ts';

/**
 * The way from a server to its client over a stream. Everything is passed on as it is, but for the answers about
 * extensions that cannot cross: there are none of them.
 */
export class ReplyFilter {
  readonly #framing: ReplyFraming;

  constructor(conversation: Conversation) {
    this.#framing = new ReplyFraming(conversation, {
      needs: ({ opcode }, length) =>
        opcode === LIST_EXTENSIONS.opcode && length <= LIST_EXTENSIONS.replyBytesMax ? 'whole' : 'beginning',
      answer({ opcode, isHidden }, reply) {
        if (opcode === LIST_EXTENSIONS.opcode) return withoutHidden(conversation, reply);
        if (isHidden) hideExtension(reply);
        return reply;
      },
    });
  }

  /** What was taken and is not yet passed on. */
  get heldBytes(): number {
    return this.#framing.heldBytes;
  }

  /** @param chunk is changed, and kept until it is passed on @returns what the client may read, in pieces */
  feed(chunk: Buffer): Buffer[] {
    return this.#framing.feed(chunk).map(({ bytes }) => bytes);
  }
}
