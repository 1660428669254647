import type { Socket } from 'node:net';
import { type Duplex, pipeline, Transform, type TransformCallback } from 'node:stream';
import { MuvmError, reasonOf, toMuvmError } from '@muvm/errors';
import { Conversation, ReplyFilter, RequestFilter } from '@muvm/x11';
import { askServer } from './ask-server.ts';
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
  const first = await takeSetup(stream, requests).catch((error: unknown) => {
    stream.destroy();
    onEnd(reasonOf(error));
  });
  if (!first) return;
  try {
    const socket = await meetServer(conversation, server, first.setup);
    if (stream.destroyed) return void socket.destroy();
    if (first.rest.length > 0) stream.unshift(first.rest);
    let isTold = false;
    const end = (error: Error | null | undefined) => {
      // An end in good order passes on by itself, with all that was written before it.
      if (!error) return;
      if (!isTold && !isOrdinaryEnd(error)) onEnd(reasonOf(error));
      isTold = true;
      stream.destroy();
      socket.destroy();
    };
    pipeline(stream, requestStream(requests), socket, end);
    pipeline(socket, replyStream(new ReplyFilter(conversation)), stream, end);
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

function requestStream(filter: RequestFilter): Transform {
  return new Transform({
    transform: guarded((chunk) => [filter.feed(chunk)]),
  });
}

function replyStream(filter: ReplyFilter): Transform {
  return new Transform({
    transform: guarded((chunk) => filter.feed(chunk)),
  });
}

function guarded(feed: (chunk: Buffer) => readonly Buffer[]) {
  return function transform(this: Transform, chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    try {
      for (const piece of feed(chunk)) if (piece.length > 0) this.push(piece);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}
