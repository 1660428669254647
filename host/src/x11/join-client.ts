import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MuvmError, reasonOf, toMuvmError } from '@muvm/errors';
import { Conversation, ReplyFilter, RequestFilter } from '@muvm/x11';
import { askServer } from './ask-server.ts';
import { passOn } from './pass-on.ts';
import { refuseClient } from './refuse-client.ts';
import { connectToServer, type X11Server } from './server-address.ts';
import { takeSetup } from './take-setup.ts';

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
  const conversation = new Conversation(HIDDEN);
  const requests = new RequestFilter(conversation);
  // It is destroyed then, and that is all that must be known of it.
  stream.on('error', () => {});
  const first = await takeSetup(stream, requests).catch((error: unknown) => {
    stream.destroy();
    onEnd(reasonOf(error));
  });
  if (!first) return;
  try {
    const socket = await meetServer(conversation, server, first.setup);
    if (stream.destroyed) return void socket.destroy();
    stream.once('close', () => endAfterLastWrite(socket));
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
    const { message } = toMuvmError(error, 'REFUSED', `Cannot reach ${nameOf(server)}`);
    refuseClient(stream, conversation, `muvm: ${message}`);
    onEnd(message);
  }
}

/** @returns the client's connection, over which its setup has been sent @throws where the server is not there or refuses it */
async function meetServer(conversation: Conversation, server: X11Server, setup: Buffer): Promise<Socket> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const socket = await connectToServer(server, signal);
  try {
    // Before the other connection: a server ends its session with the last client that has introduced itself.
    socket.write(setup);
    await learnOpcodes(conversation, server, setup, signal);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

const nameOf = ({ name }: X11Server) => `the X server of DISPLAY "${name}"`;

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

async function learnOpcodes(conversation: Conversation, server: X11Server, setup: Buffer, signal: AbortSignal) {
  const { opcodes, refusal } = await askServer(server, setup, [...HIDDEN, BIG_REQUESTS], signal);
  if (refusal !== undefined) {
    throw new MuvmError('REFUSED', `Cannot use ${nameOf(server)} as it refuses the client: ${refusal}`);
  }
  const blocked = new Set(HIDDEN.map((name) => opcodes.get(name)));
  conversation.blocked = (opcode) => blocked.has(opcode);
  conversation.bigRequestsOpcode = opcodes.get(BIG_REQUESTS) ?? 0;
}
