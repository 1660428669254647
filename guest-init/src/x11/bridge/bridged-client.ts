import { closeSync } from 'node:fs';
import { MuvmError } from '@muvm/errors';
import { EPOLL_EVENTS, receiveMessage } from '@muvm/linux';
import { type ChannelMessage, type CrossDomainChannel, RECEIVE_DATA_BYTES_MAX } from '@muvm/virtgpu';
import { Conversation, setupFailure } from '@muvm/x11';
import type { ClientFences } from './client-fences.ts';
import { HIDDEN } from './hidden.ts';
import { Outgoing } from './outgoing.ts';
import type { Reactor } from './reactor.ts';
import { RepliesWay } from './replies-way.ts';
import { RequestsWay } from './requests-way.ts';

/** What is read of a client before others have their turn. */
const READS_MAX = 4;
/** While a client has this much to read, the host keeps the rest, and the server notices. */
const OUTGOING_BYTES_MAX = 1024 * 1024;
/** Messages of the host that are taken before others have their turn. */
const MESSAGES_MAX = 64;

export interface ClientParts {
  readonly reactor: Reactor;
  /** Accepted, and it does not wait. */
  readonly socket: number;
  readonly channel: CrossDomainChannel;
  readonly fences: ClientFences;
  readonly openRenderNode: () => number;
  /** To read into; nobody else's while a call lasts. */
  readonly buffer: Buffer;
  /** Told once, why if it was at fault. The client is to be disposed of. */
  readonly onEnd: (error: unknown) => void;
}

/** One client of the guest, and its connection to the server of the host. OWNERSHIP: the socket, the channel and the fences. */
export class BridgedClient implements Disposable {
  readonly #parts: ClientParts;
  readonly #conversation = new Conversation(HIDDEN);
  readonly #outgoing: Outgoing;
  readonly #requests: RequestsWay;
  readonly #replies: RepliesWay;
  #interest: number = EPOLL_EVENTS.in;
  #hasAnswer = false;
  /** Set once nothing more comes from the server; what the client has not read yet is still written. */
  #ending: { readonly error: unknown } | undefined;
  #isOver = false;

  constructor(parts: ClientParts) {
    const { reactor, socket, channel, fences, openRenderNode } = parts;
    const conversation = this.#conversation;
    this.#parts = parts;
    this.#outgoing = new Outgoing(socket);
    this.#requests = new RequestsWay(channel, fences, conversation);
    this.#replies = new RepliesWay(channel, this.#outgoing, { conversation, openRenderNode });
    reactor.add(socket, { onEvents: (events) => this.#guard(() => this.#onSocket(events)) });
    reactor.add(channel.fd, { onEvents: () => this.#guard(() => this.#onChannel()) });
    fences.watchIn(reactor, (use) => this.#guard(use));
  }

  /** Whether the client has introduced itself. */
  get isSetUp(): boolean {
    return this.#requests.isSetUp;
  }

  /** Whether the server has said anything. */
  get hasAnswer(): boolean {
    return this.#hasAnswer;
  }

  /** Ends a client that has no answer yet with a sentence that it shows its user. */
  refuse(reason: string): void {
    if (!this.#hasAnswer) this.#outgoing.push(setupFailure(reason, this.#conversation.byteOrder));
    this.#ending = { error: new MuvmError('REFUSED', reason) };
    this.#guard(() => this.#flush());
  }

  #guard(use: () => void): void {
    try {
      if (!this.#isOver) use();
    } catch (error) {
      this.#finish(error);
    }
  }

  #onSocket(events: number): void {
    if ((events & EPOLL_EVENTS.out) !== 0) this.#flush();
    if (this.#isOver || (events & (EPOLL_EVENTS.in | EPOLL_EVENTS.hangUp | EPOLL_EVENTS.error)) === 0) return;
    const { socket, buffer } = this.#parts;
    for (let reads = 0; reads < READS_MAX; reads += 1) {
      const message = receiveMessage(socket, buffer);
      if (!message) return;
      if (message.length === 0) {
        this.#finish(undefined);
        return;
      }
      this.#requests.forward(buffer.subarray(0, message.length), message.descriptors);
      if (message.length < buffer.length && message.descriptors.length === 0) return;
    }
  }

  #onChannel(): void {
    const { channel } = this.#parts;
    for (let messages = 0; messages < MESSAGES_MAX; messages += 1) {
      const message = channel.receive();
      if (!message) break;
      this.#take(message);
      if (this.#ending || this.#outgoing.bytes >= OUTGOING_BYTES_MAX) break;
      channel.poll();
      // Only after one that is full is the next one likely to be there at once.
      if (message.kind === 'data' && message.data.length < RECEIVE_DATA_BYTES_MAX) break;
    }
    this.#flush();
  }

  #take(message: ChannelMessage): void {
    if (message.kind === 'futex') this.#parts.fences.signalled(message.id);
    if (message.kind !== 'data') return;
    if (message.data.length === 0 && message.identifiers.length === 0) {
      this.#ending = { error: undefined };
      return;
    }
    this.#hasAnswer = true;
    this.#replies.forward(message);
  }

  #flush(): void {
    const isEmpty = this.#outgoing.flush();
    if (this.#ending && isEmpty) {
      this.#finish(this.#ending.error);
      return;
    }
    if (!this.#ending && this.#outgoing.bytes < OUTGOING_BYTES_MAX) this.#parts.channel.poll();
    const interest = (this.#ending ? 0 : EPOLL_EVENTS.in) | (isEmpty ? 0 : EPOLL_EVENTS.out);
    if (interest !== this.#interest) this.#parts.reactor.change(this.#parts.socket, interest);
    this.#interest = interest;
  }

  #finish(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#parts.onEnd(error);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    const { reactor, socket, channel, fences } = this.#parts;
    reactor.remove(socket);
    reactor.remove(channel.fd);
    // The watch on a word ends before what it would tell of.
    fences[Symbol.dispose]();
    this.#requests[Symbol.dispose]();
    this.#replies[Symbol.dispose]();
    this.#outgoing[Symbol.dispose]();
    channel[Symbol.dispose]();
    closeSync(socket);
  }
}
