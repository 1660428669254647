import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { type Authority, clientSetup, parseAuthorities } from '@muvm/x11';

/**
 * A client of an X server as bare as it can be, for the display of the guest: little-endian, with what a test draws.
 *
 * Source: X Window System Protocol, appendix B.
 */
export interface XConnection {
  readonly socket: Socket;
  /** Identifiers of its own that a client may give are from here on. */
  readonly firstId: number;
  readonly rootWindow: number;
  /** Waits until the server has done all that was sent. @throws Error where the connection ends, or no answer comes in time */
  roundTrip(): Promise<void>;
}

const SOCKET = '/tmp/.X11-unix/X1';
const ANSWER_TIMEOUT_MS = 60_000;
const MESSAGE_BYTES = 32;
const REPLY = 1;
const GENERIC_EVENT = 35;

/** What lets this user's programs in, out of XAUTHORITY. */
export function ownAuthority(): Authority | undefined {
  const path = process.env['XAUTHORITY'];
  return path === undefined ? undefined : parseAuthorities(readFileSync(path))[0];
}

/** A connection that has said nothing yet. Its end, whatever it is, is no error of the process. */
export function connectRaw(): Socket {
  const socket = createConnection({ path: SOCKET });
  socket.on('error', () => {});
  return socket;
}

/** @throws Error with the words of the server where it lets nobody in */
export async function connectX(authority: Authority | undefined): Promise<XConnection> {
  const socket = connectRaw();
  const answers = new Answers(socket);
  socket.write(clientSetup(authority));
  const header = await answers.take(8);
  const rest = await answers.take(4 * header.readUInt16LE(6));
  if (header[0] !== 1) {
    socket.destroy();
    throw new Error(`refused: ${rest.toString('latin1', 0, header[1]).trim()}`);
  }
  // Offsets are those of the setup less its 8 bytes of header: 4 identifiers · 16 length of the vendor · 21 formats · 32 vendor.
  const vendorBytes = (rest.readUInt16LE(16) + 3) & ~3;
  const screen = 32 + vendorBytes + 8 * rest.readUInt8(21);
  const roundTrip = async () => {
    socket.write(request(43, 0));
    await untilReply(answers);
  };
  return { socket, firstId: rest.readUInt32LE(4), rootWindow: rest.readUInt32LE(screen), roundTrip };
}

async function untilReply(answers: Answers): Promise<void> {
  for (;;) {
    const message = await answers.take(MESSAGE_BYTES);
    const code = message.readUInt8(0) & 0x7f;
    if (code === REPLY || code === GENERIC_EVENT) await answers.take(4 * message.readUInt32LE(4));
    if (message[0] === REPLY) return;
  }
}

/** A request of 4-byte words. */
export function request(opcode: number, data: number, ...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length);
  bytes.set([opcode, data]);
  bytes.writeUInt16LE(1 + words.length, 2);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word >>> 0, 4 + 4 * index);
  return bytes;
}

/** Takes exact numbers of bytes out of a stream. */
class Answers {
  #bytes = Buffer.alloc(0);
  #onChange = () => {};
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#onChange();
    });
    socket.once('close', () => this.#onChange());
  }

  async take(count: number): Promise<Buffer> {
    const latestMs = performance.now() + ANSWER_TIMEOUT_MS;
    while (this.#bytes.length < count) {
      if (this.#socket.destroyed) throw new Error('the connection ended');
      if (performance.now() > latestMs) throw new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`);
      await this.#change();
    }
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ANSWER_TIMEOUT_MS);
      this.#onChange = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
