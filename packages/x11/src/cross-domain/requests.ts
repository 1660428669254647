import type { Conversation } from '../conversation.ts';
import { bytesWithName, nameAsked } from '../extension-names.ts';
import { type Request, RequestFraming } from '../framing/index.ts';
import {
  BIG_REQUESTS,
  BIG_REQUESTS_ENABLE,
  FIRST_EXTENSION_OPCODE,
  LIST_EXTENSIONS,
  NO_OPCODE,
  QUERY_EXTENSION,
  REQUEST,
} from '../protocol.ts';
import { BODY_BYTES_MAX } from './extensions.ts';
import { type Effect, RULES } from './rules.ts';

/** Requests that go together. */
export interface Step {
  /** What the server may read. */
  readonly bytes: Buffer;
  /** What the first request of them takes or does; undefined where it is nothing but bytes. */
  readonly effect?: Effect;
}

interface Mark {
  readonly at: number;
  readonly effect: Effect;
}

/**
 * The way from a client to its server where descriptors can cross: which of the client's descriptors belong to which
 * request, and what must be said in other words on another machine.
 */
export class CrossDomainRequests {
  readonly #framing: RequestFraming;
  #marks: Mark[] = [];

  constructor(conversation: Conversation) {
    this.#framing = new RequestFraming(conversation, {
      looksAt: (bytes, at, headerBytes) => looksAt(conversation, bytes, at, headerBytes),
      pass: (bytes, at, request) => {
        const effect = pass(conversation, bytes, at, request);
        if (effect) this.#marks.push({ at, effect });
      },
    });
  }

  get heldBytes(): number {
    return this.#framing.heldBytes;
  }

  get isSetUp(): boolean {
    return this.#framing.isSetUp;
  }

  /** As {@link RequestFraming.takeSetup}. */
  takeSetup(chunk: Buffer): { readonly setup: Buffer; readonly rest: Buffer } | undefined {
    return this.#framing.takeSetup(chunk);
  }

  /** As {@link RequestFraming.feed}. @returns what the server may read, cut before each request that has an effect */
  feed(chunk: Buffer): Step[] {
    this.#marks = [];
    const bytes = this.#framing.feed(chunk);
    const steps: Step[] = [];
    let end = bytes.length;
    for (const { at, effect } of this.#marks.reverse()) {
      steps.push({ bytes: bytes.subarray(at, end), effect });
      end = at;
    }
    if (end > 0) steps.push({ bytes: bytes.subarray(0, end) });
    return steps.reverse();
  }
}

function looksAt(conversation: Conversation, bytes: Buffer, at: number, headerBytes: number): number {
  const opcode = bytes[at] as number;
  if (opcode === QUERY_EXTENSION.opcode) return bytesWithName(conversation, bytes, at, headerBytes);
  const name = opcode >= FIRST_EXTENSION_OPCODE ? conversation.extensions.get(opcode) : undefined;
  return name !== undefined && Object.hasOwn(RULES, name) ? headerBytes + BODY_BYTES_MAX : headerBytes;
}

function pass(conversation: Conversation, bytes: Buffer, at: number, request: Request): Effect | undefined {
  const { opcode, sequence, length } = request;
  if (opcode === QUERY_EXTENSION.opcode) {
    const name = nameAsked(conversation, bytes, at, request);
    const isHidden = name !== undefined && conversation.hidden.has(name);
    conversation.ask({
      sequence,
      opcode,
      isHidden,
      ...(name === undefined ? {} : { about: { kind: 'extension', name } }),
    });
  } else if (opcode === LIST_EXTENSIONS.opcode) {
    conversation.ask({ sequence, opcode, isHidden: false });
  } else if (opcode >= FIRST_EXTENSION_OPCODE) {
    const name = conversation.extensions.get(opcode);
    // Who has not asked the server for it must have it from elsewhere, and means what cannot be known.
    if (name === undefined) bytes[at] = NO_OPCODE;
    else if (name !== BIG_REQUESTS) return RULES[name]?.(conversation, bytes.subarray(at), request);
    else conversation.hasBigRequests ||= bytes[at + 1] === BIG_REQUESTS_ENABLE && length === REQUEST.headerBytes;
  }
  return undefined;
}
