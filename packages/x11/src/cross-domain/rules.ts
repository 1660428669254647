import type { Conversation, Subject } from '../conversation.ts';
import type { Request } from '../framing/index.ts';
import { NO_OPCODE, QUERY_EXTENSION } from '../protocol.ts';
import { DRI3, NO_OPERATION, PRESENT, QUERY_VERSION, RANDR, SHM, SYNC, VERSION_MAX } from './extensions.ts';

/** What a request takes of the client's descriptors, in the order in which they came, or does besides. */
export type Effect =
  /** Buffers of the GPU. */
  | { readonly kind: 'buffers'; readonly count: number }
  /** A file with the futex of a fence, which the server will know by `fence`. */
  | { readonly kind: 'fence'; readonly fence: number }
  /** Descriptors of a request that is not carried out. */
  | { readonly kind: 'discard'; readonly count: number }
  /** The server forgets a fence, which may be one of another extension's. */
  | { readonly kind: 'destroyFence'; readonly fence: number };

/** @param bytes from the request's first one on, as many as are looked at; may be changed */
type Rule = (conversation: Conversation, bytes: Buffer, request: Request) => Effect | undefined;

/** The rules for the requests of each extension, by its name. */
export const RULES: Readonly<Record<string, Rule>> = {
  DRI3: dri3,
  Present(conversation, bytes, request) {
    if (bytes[1] === QUERY_VERSION.minor) clampVersion(conversation, bytes, request);
    return bytes[1] === PRESENT.pixmapSynced.minor ? refuse(bytes) : undefined;
  },
  SYNC({ byteOrder }, bytes, { headerBytes, length }) {
    const { minor, bodyBytes, fence } = SYNC.destroyFence;
    if (bytes[1] !== minor || length - headerBytes !== bodyBytes) return undefined;
    return { kind: 'destroyFence', fence: byteOrder.u32(bytes, headerBytes + fence) };
  },
  RANDR: (_, bytes) => (bytes[1] === RANDR.createLease.minor ? refuse(bytes) : undefined),
  'MIT-SHM': (_, bytes) => refuse(bytes, bytes[1] === SHM.attachFd.minor ? 1 : 0),
  DRI2: (_, bytes) => refuse(bytes),
};

function dri3(conversation: Conversation, bytes: Buffer, request: Request): Effect | undefined {
  const bodyBytes = request.length - request.headerBytes;
  switch (bytes[1]) {
    case QUERY_VERSION.minor:
      return clampVersion(conversation, bytes, request);
    case DRI3.open.minor:
      return bodyBytes === DRI3.open.bodyBytes ? askForRenderNode(conversation, bytes, request) : undefined;
    case DRI3.pixmapFromBuffer.minor:
      return buffers(1, bodyBytes === DRI3.pixmapFromBuffer.bodyBytes);
    case DRI3.pixmapFromBuffers.minor:
      return pixmapFromBuffers(bytes, request, bodyBytes);
    case DRI3.fenceFromFd.minor:
      if (bodyBytes !== DRI3.fenceFromFd.bodyBytes) return { kind: 'discard', count: 1 };
      return {
        kind: 'fence',
        fence: conversation.byteOrder.u32(bytes, request.headerBytes + DRI3.fenceFromFd.fence),
      };
    case DRI3.bufferFromPixmap.minor:
    case DRI3.buffersFromPixmap.minor:
      return ask(conversation, request, { kind: 'descriptors' });
    case DRI3.setDrmDeviceInUse.minor:
      bytes[0] = NO_OPERATION;
      return undefined;
    case DRI3.importSyncobj.minor:
      return refuse(bytes, 1);
    case DRI3.fdFromFence.minor:
    case DRI3.freeSyncobj.minor:
      return refuse(bytes);
    default:
      return undefined;
  }
}

/** The server reads no descriptor of a request whose length is wrong. */
function buffers(count: number, isRightLength: boolean): Effect {
  return { kind: isRightLength ? 'buffers' : 'discard', count };
}

function pixmapFromBuffers(bytes: Buffer, { headerBytes }: Request, bodyBytes: number): Effect {
  const { count: offset, buffersMax } = DRI3.pixmapFromBuffers;
  const count = bodyBytes > offset ? (bytes[headerBytes + offset] as number) : 0;
  return buffers(count, bodyBytes === DRI3.pixmapFromBuffers.bodyBytes && count <= buffersMax);
}

/** The answer is an error of the server's, so that the numbers of the answers after it stay right. */
function refuse(bytes: Buffer, count = 0): Effect | undefined {
  bytes[0] = NO_OPCODE;
  return count === 0 ? undefined : { kind: 'discard', count };
}

function ask(conversation: Conversation, { sequence, opcode }: Request, about: Subject): undefined {
  conversation.ask({ sequence, opcode, isHidden: false, about });
}

/** The client is told no more than that either, as it may not look at what it asked for. */
function clampVersion(conversation: Conversation, bytes: Buffer, request: Request): undefined {
  const { byteOrder } = conversation;
  if (request.length - request.headerBytes !== QUERY_VERSION.bodyBytes) return;
  const majorAt = request.headerBytes + QUERY_VERSION.majorVersion;
  const minorAt = request.headerBytes + QUERY_VERSION.minorVersion;
  const { major, minor } = VERSION_MAX;
  const asked = byteOrder.u32(bytes, majorAt);
  const askedMinor = byteOrder.u32(bytes, minorAt);
  if (asked > major || (asked === major && askedMinor > minor)) {
    byteOrder.setU32(bytes, majorAt, major);
    byteOrder.setU32(bytes, minorAt, minor);
  }
  ask(conversation, request, { kind: 'version' });
}

/**
 * The server would answer with its own device. It is asked for something else instead, which has the same length and an
 * answer of the same length: so the answers stay in order, and ours is put in the place of that one.
 */
function askForRenderNode(conversation: Conversation, bytes: Buffer, request: Request): undefined {
  const { byteOrder } = conversation;
  const name = 'DRI3';
  bytes[0] = QUERY_EXTENSION.opcode;
  bytes[1] = 0;
  byteOrder.setU16(bytes, request.headerBytes, name.length);
  byteOrder.setU16(bytes, request.headerBytes + 2, 0);
  bytes.write(name, request.headerBytes + 4, 'latin1');
  ask(conversation, { ...request, opcode: QUERY_EXTENSION.opcode }, { kind: 'renderNode' });
}
