import { MuvmError } from '@muvm/errors';
import { type ChannelMessage, type CrossDomainChannel, IDENTIFIER_TYPES, type ReceivedIdentifier } from '@muvm/virtgpu';
import { type Conversation, CrossDomainReplies } from '@muvm/x11';
import { DescriptorQueue } from './descriptor-queue.ts';
import type { Outgoing } from './outgoing.ts';

/** From the server of the host to a client: its bytes, with the descriptors that they bring. */
export class RepliesWay implements Disposable {
  readonly #channel: CrossDomainChannel;
  readonly #replies: CrossDomainReplies;
  readonly #openRenderNode: () => number;
  readonly #outgoing: Outgoing;
  readonly #descriptors = new DescriptorQueue('server');

  constructor(
    channel: CrossDomainChannel,
    outgoing: Outgoing,
    { conversation, openRenderNode }: { readonly conversation: Conversation; readonly openRenderNode: () => number },
  ) {
    this.#channel = channel;
    this.#outgoing = outgoing;
    this.#openRenderNode = openRenderNode;
    this.#replies = new CrossDomainReplies(conversation);
  }

  /** @throws MuvmError PROTOCOL, or a system error */
  forward({ data, identifiers }: Extract<ChannelMessage, { kind: 'data' }>): void {
    for (const identifier of identifiers) this.#descriptors.push([this.#take(identifier)]);
    for (const { bytes, descriptors, hasRenderNode } of this.#replies.feed(data)) {
      this.#outgoing.push(bytes, hasRenderNode ? [this.#openRenderNode()] : this.#descriptors.take(descriptors));
    }
  }

  #take({ id, type, sizeBytes }: ReceivedIdentifier): number {
    // Of no size: a device of the host, say, which cannot be had here.
    if (type === IDENTIFIER_TYPES.blob && sizeBytes > 0) return this.#channel.takeBuffer(id, sizeBytes);
    throw new MuvmError('PROTOCOL', `Cannot give an X11 client a file of type ${type} as only memory can cross`);
  }

  [Symbol.dispose](): void {
    this.#descriptors[Symbol.dispose]();
  }
}
