import type { Conversation } from './conversation.ts';
import { bytesWithName, nameAsked } from './extension-names.ts';
import { type Request, RequestFraming } from './framing/index.ts';
import {
  BIG_REQUESTS_ENABLE,
  FIRST_EXTENSION_OPCODE,
  LIST_EXTENSIONS,
  NO_OPCODE,
  QUERY_EXTENSION,
  REQUEST,
} from './protocol.ts';

/**
 * The way from a client to its server over a stream. Everything is passed on as it is, but for requests of extensions that
 * cannot cross: they become requests that no server has, so that it answers with an error and the numbers of those after
 * them stay right.
 */
export class RequestFilter extends RequestFraming {
  constructor(conversation: Conversation) {
    super(conversation, {
      looksAt: (bytes, at, headerBytes) =>
        bytes[at] === QUERY_EXTENSION.opcode ? bytesWithName(conversation, bytes, at, headerBytes) : headerBytes,
      pass: (bytes, at, request) => pass(conversation, bytes, at, request),
    });
  }
}

function pass(conversation: Conversation, bytes: Buffer, at: number, request: Request): void {
  const { opcode, sequence, length } = request;
  if (opcode === QUERY_EXTENSION.opcode) {
    const name = nameAsked(conversation, bytes, at, request);
    conversation.ask({ sequence, opcode, isHidden: name !== undefined && conversation.hidden.has(name) });
  } else if (opcode === LIST_EXTENSIONS.opcode) {
    conversation.ask({ sequence, opcode, isHidden: false });
  } else if (opcode >= FIRST_EXTENSION_OPCODE) {
    if (opcode === conversation.bigRequestsOpcode) {
      // Other lengths are refused by the server, and change nothing.
      conversation.hasBigRequests ||= bytes[at + 1] === BIG_REQUESTS_ENABLE && length === REQUEST.headerBytes;
    } else if (conversation.blocked(opcode)) {
      bytes[at] = NO_OPCODE;
    }
  }
}
