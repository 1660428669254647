import { Conversation, CrossDomainReplies, CrossDomainRequests, ReplyFilter, RequestFilter } from '@muvm/x11';
import { HIDDEN, HIDDEN_FROM_GPU, type Policy } from './expectation.ts';

/** One connection's way through a bridge, as replay and fuzzing see it. */
export interface Engine {
  /** Takes what the client sent. @returns what the server may read. @throws MuvmError PROTOCOL; the connection is over then */
  request(chunk: Buffer): Buffer | readonly Buffer[];
  /** The same for what the server sent. */
  reply(chunk: Buffer): Buffer | readonly Buffer[];
  /** What it has taken and not yet given. */
  readonly heldBytes: number;
  /** Questions of the client whose answers are waited for. */
  readonly openQuestions: number;
}

/** @param policy how it is set up, as a bridge that has asked its server */
export type EngineMaker = (policy: Policy) => Engine;

/** The one of socket mode, put together as the host's bridge does it. */
export function socketEngine({ hidden, opcodes }: Policy): Engine {
  const conversation = new Conversation(hidden);
  const blocked = new Set(hidden.map((name) => opcodes[name]));
  conversation.blocked = (opcode) => blocked.has(opcode);
  conversation.bigRequestsOpcode = opcodes['BIG-REQUESTS'] ?? 0;
  const requests = new RequestFilter(conversation);
  const replies = new ReplyFilter(conversation);
  return {
    request(chunk) {
      if (requests.isSetUp) return requests.feed(chunk);
      const first = requests.takeSetup(chunk);
      return first ? [first.setup, requests.feed(first.rest)] : [];
    },
    reply: (chunk) => replies.feed(chunk),
    get heldBytes() {
      return requests.heldBytes + replies.heldBytes;
    },
    get openQuestions() {
      return conversation.openQuestions;
    },
  };
}

/** The one where descriptors can cross, which learns from the answers of the server itself. */
export function crossDomainEngine({ hidden }: Policy): Engine {
  const conversation = new Conversation(hidden);
  const requests = new CrossDomainRequests(conversation);
  const replies = new CrossDomainReplies(conversation);
  const bytesOf = (parts: readonly { readonly bytes: Buffer }[]) => parts.map(({ bytes }) => bytes);
  return {
    request(chunk) {
      if (requests.isSetUp) return bytesOf(requests.feed(chunk));
      const first = requests.takeSetup(chunk);
      return first ? [first.setup, ...bytesOf(requests.feed(first.rest))] : [];
    },
    reply: (chunk) => bytesOf(replies.feed(chunk)),
    get heldBytes() {
      return requests.heldBytes + replies.heldBytes;
    },
    get openQuestions() {
      return conversation.openQuestions;
    },
  };
}

/** An engine, and what is promised of it. */
export interface EngineKind {
  readonly make: EngineMaker;
  readonly hidden: readonly string[];
  readonly heldBytesMax: number;
  /** How much longer than what came in may be what goes out, in either direction. */
  readonly addedBytesMax: number;
  /** Whether nothing is changed but what expectation.ts tells. */
  readonly isTransparent: boolean;
}

/** Of a setup, and of an answer to ListExtensions. */
const SETUP_BYTES_MAX = 16 * 1024;
const LIST_BYTES_MAX = 64 * 1024;

export const ENGINES: Readonly<Record<string, EngineKind>> = {
  socket: {
    make: socketEngine,
    hidden: HIDDEN,
    heldBytesMax: SETUP_BYTES_MAX + LIST_BYTES_MAX,
    addedBytesMax: 0,
    isTransparent: true,
  },
  'cross-domain': {
    make: crossDomainEngine,
    hidden: HIDDEN_FROM_GPU,
    heldBytesMax: SETUP_BYTES_MAX + LIST_BYTES_MAX,
    addedBytesMax: 0,
    // It says some requests and answers in other words, of the same length.
    isTransparent: false,
  },
};
