/** A client of ours for X servers, in either byte order. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type Authority, clientSetup, parseAuthorities } from '@muvm/x11';
import { connectToServer, serverAddress } from '../../host/src/x11/server-address.ts';

export interface Speaker extends Disposable {
  /** The identifiers that it may give begin here. */
  readonly firstId: number;
  readonly rootWindow: number;
  /** Sends requests. */
  send(...requests: readonly Buffer[]): void;
  /** Sends a request and waits for its reply, whatever comes before. @throws Error where the server answers with an error */
  ask(request: Buffer): Promise<Buffer>;
  end(): Promise<void>;
}

const GET_INPUT_FOCUS = 43;
const ANSWER_TIMEOUT_MS = 20_000;

export type Order = 'little' | 'big';

/** Makes requests of one byte order out of numbers. */
export function writerOf(order: Order) {
  const isLittle = order === 'little';
  const number = (value: number, bytes: 2 | 4) => {
    const buffer = Buffer.alloc(bytes);
    if (isLittle) buffer.writeUIntLE(value, 0, bytes);
    else buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const u16 = (value: number) => number(value, 2);
  const u32 = (value: number) => number(value >>> 0, 4);
  const body = (parts: readonly Buffer[]) => {
    const bytes = Buffer.concat(parts);
    return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  };
  return {
    u16,
    u32,
    request(opcode: number, minor: number, ...parts: readonly Buffer[]): Buffer {
      const rest = body(parts);
      return Buffer.concat([Buffer.of(opcode, minor), u16(1 + rest.length / 4), rest]);
    },
    bigRequest(opcode: number, minor: number, ...parts: readonly Buffer[]): Buffer {
      const rest = body(parts);
      return Buffer.concat([Buffer.of(opcode, minor), u16(0), u32(2 + rest.length / 4), rest]);
    },
  };
}

/** The first message, turned round for a big-endian client: 1 byte of order, 1 of nothing, then numbers of 16 bits. */
function setupIn(order: Order, authority: Pick<Authority, 'name' | 'data'> | undefined): Buffer {
  const setup = clientSetup(authority);
  if (order === 'little') return setup;
  setup.subarray(2, 12).swap16();
  setup[0] = 'B'.charCodeAt(0);
  return setup;
}

/**
 * Connects and is let in.
 *
 * @param display as DISPLAY names it
 * @param authority the contents of an Xauthority file, whose first entry is used
 */
export async function openSpeaker(display: string, order: Order, authority?: Buffer): Promise<Speaker> {
  const server = serverAddress(display);
  if (!server) throw new Error(`"${display}" is no display`);
  const socket = await connectToServer(server, AbortSignal.timeout(ANSWER_TIMEOUT_MS));
  const stream = read(socket);
  socket.write(setupIn(order, authority && parseAuthorities(authority)[0]));
  const u16 = (bytes: Buffer, at: number) => (order === 'little' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (bytes: Buffer, at: number) => (order === 'little' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const head = await stream.take(8);
  const setup = await stream.take(4 * u16(head, 6));
  if (head[0] !== 1) throw new Error(`The X server refuses: ${setup.toString('latin1')}`);
  // The roots come after the vendor's name and 8 bytes for each format of pixmaps.
  const rootAt = 32 + ((u16(setup, 16) + 3) & ~3) + 8 * (setup[21] as number);
  const message = async (): Promise<Buffer> => {
    const first = await stream.take(32);
    return first[0] === 1 ? Buffer.concat([first, await stream.take(4 * u32(first, 4))]) : first;
  };
  let sequence = 0;
  const send = (...requests: readonly Buffer[]) => {
    sequence = (sequence + requests.length) & 0xffff;
    socket.write(Buffer.concat(requests));
  };
  return {
    firstId: u32(setup, 4),
    rootWindow: u32(setup, rootAt),
    send,
    async ask(request) {
      send(request);
      for (;;) {
        const answer = await message();
        const isAnswer = (answer[0] as number) <= 1 && u16(answer, 2) === sequence;
        if (isAnswer && answer[0] === 1) return answer;
        if (isAnswer) throw new Error(`The X server answers with error ${answer[1]}`);
      }
    },
    async end() {
      socket.end();
      if (!socket.closed) await once(socket.resume(), 'close', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** Takes exactly so many bytes at a time. */
function read(socket: Socket) {
  let bytes: Buffer = Buffer.alloc(0);
  let wanted: { readonly length: number; readonly resolve: (bytes: Buffer) => void } | undefined;
  let fail: (error: Error) => void = () => {};
  const give = () => {
    if (!wanted || bytes.length < wanted.length) return;
    const { length, resolve } = wanted;
    wanted = undefined;
    const taken = bytes.subarray(0, length);
    bytes = bytes.subarray(length);
    resolve(taken);
  };
  socket.on('data', (chunk: Buffer) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    give();
  });
  socket.on('error', (error) => fail(error));
  socket.on('close', () => fail(new Error('The X server ended the connection')));
  return {
    take: (length: number) =>
      new Promise<Buffer>((resolve, reject) => {
        wanted = { length, resolve };
        fail = reject;
        give();
      }),
  };
}

/** A request that changes nothing and has an answer of 32 bytes. */
export const getInputFocus = (order: Order): Buffer => writerOf(order).request(GET_INPUT_FOCUS, 0);
