import type { Duplex } from 'node:stream';
import { reasonOf, toMuvmError } from '@muvm/errors';
import { Conversation, ReplyFilter, RequestFilter } from '@muvm/x11';
import { askServer } from './ask-server.ts';
import { passOn } from './pass-on.ts';
import { connectToServer, type X11Server } from './server-address.ts';

/**
 * Extensions that hand over memory or files by numbers and descriptors of the machine that a program runs on. A segment of
 * the guest's with the number of one of the host's would be the host's.
 */
const HIDDEN = ['MIT-SHM', 'DRI2', 'DRI3'] as const;
const BIG_REQUESTS = 'BIG-REQUESTS';

/** How long a server may take to answer before its client is given up. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Joins one client of the guest with the X server, and hides from both what cannot cross. The first message at fault ends this
 * client, and no other. OWNERSHIP: takes the stream.
 *
 * @param onEnd told why, where it was not the client or the server that ended it
 */
export async function joinClient(stream: Duplex, server: X11Server, onEnd: (reason: string) => void): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const conversation = new Conversation(HIDDEN);
  const requests = new RequestFilter(conversation);
  // It is destroyed then, and that is all that must be known of it.
  stream.on('error', () => {});
  try {
    const first = await takeSetup(stream, requests);
    if (!first) return void stream.destroy();
    const socket = await connectToServer(server, signal);
    if (stream.destroyed) return void socket.destroy();
    stream.once('close', () => endAfterLastWrite(socket));
    // Before the other connection: a server ends its session with the last client that has introduced itself.
    socket.write(first.setup);
    await learnOpcodes(conversation, server, first.setup, signal);
    if (socket.destroyed) return endBoth(stream, socket);
    if (first.rest.length > 0) stream.unshift(first.rest);
    const replies = new ReplyFilter(conversation);
    const end = (error: unknown) => {
      if (!stream.destroyed && !isOrdinaryEnd(error as NodeJS.ErrnoException)) onEnd(reasonOf(error));
      endBoth(stream, socket);
    };
    stream.on('error', end);
    socket.on('error', end);
    passOn(stream, socket, (chunk) => [requests.feed(chunk)], end);
    passOn(socket, stream, (chunk) => replies.feed(chunk), end);
  } catch (error) {
    stream.destroy();
    onEnd(toMuvmError(error, 'REFUSED', `Cannot reach the X server of DISPLAY "${server.name}"`).message);
  }
}

function endBoth(stream: Duplex, socket: Duplex): void {
  stream.destroy();
  socket.destroy();
}

/** What the client wrote before it ended in good order, the server is to read. */
function endAfterLastWrite(socket: Duplex): void {
  if (socket.writableEnded && !socket.writableFinished) socket.once('finish', () => socket.destroy());
  else socket.destroy();
}

/** Either side went away, which ends the other one's half too early. */
function isOrdinaryEnd({ code }: NodeJS.ErrnoException): boolean {
  return (
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ERR_STREAM_DESTROYED' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE'
  );
}

/** Undefined where the client goes away first. */
async function takeSetup(stream: Duplex, requests: RequestFilter) {
  const iterator = stream.iterator({ destroyOnReturn: false });
  for await (const chunk of iterator) {
    const first = requests.takeSetup(chunk as Buffer);
    if (first) return first;
  }
  return undefined;
}

/** A server that refuses to be asked refuses the client too, and tells it so itself. */
async function learnOpcodes(conversation: Conversation, server: X11Server, setup: Buffer, signal: AbortSignal) {
  const { opcodes, refusal } = await askServer(server, setup, [...HIDDEN, BIG_REQUESTS], signal);
  if (refusal !== undefined) return;
  const blocked = new Set(HIDDEN.map((name) => opcodes.get(name)));
  conversation.blocked = (opcode) => blocked.has(opcode);
  conversation.bigRequestsOpcode = opcodes.get(BIG_REQUESTS) ?? 0;
}
