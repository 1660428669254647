/** Messages for tests, as clients and servers write them. */
import { type ByteOrder, padded } from '../byte-order.ts';
import { MESSAGE, QUERY_EXTENSION } from '../protocol.ts';

export function setup(order: ByteOrder, name = 'MIT-MAGIC-COOKIE-1', data = Buffer.alloc(16, 7)): Buffer {
  const bytes = Buffer.alloc(12 + padded(name.length) + padded(data.length));
  bytes[0] = order.mark;
  order.setU16(bytes, 2, 11);
  order.setU16(bytes, 6, name.length);
  order.setU16(bytes, 8, data.length);
  bytes.write(name, 12);
  data.copy(bytes, 12 + padded(name.length));
  return bytes;
}

export function request(order: ByteOrder, opcode: number, minor: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(4 + padded(body.length));
  bytes[0] = opcode;
  bytes[1] = minor;
  order.setU16(bytes, 2, bytes.length / 4);
  body.copy(bytes, 4);
  return bytes;
}

export function bigRequest(order: ByteOrder, opcode: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(8 + padded(body.length));
  bytes[0] = opcode;
  order.setU32(bytes, 4, bytes.length / 4);
  body.copy(bytes, 8);
  return bytes;
}

export function queryExtension(order: ByteOrder, name: string): Buffer {
  const body = Buffer.alloc(4 + name.length);
  order.setU16(body, 0, name.length);
  body.write(name, 4);
  return request(order, QUERY_EXTENSION.opcode, 0, body);
}

export function setupReply(order: ByteOrder, status: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(8 + padded(body.length));
  bytes[0] = status;
  bytes[1] = status === 0 ? body.length : 0;
  order.setU16(bytes, 2, 11);
  order.setU16(bytes, 6, padded(body.length) / 4);
  body.copy(bytes, 8);
  return bytes;
}

/** A reply, an error or an event. */
export function message(order: ByteOrder, code: number, sequence: number, rest: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(MESSAGE.bytes + padded(rest.length), 0x5a);
  bytes[0] = code;
  order.setU16(bytes, 2, sequence & 0xffff);
  order.setU32(bytes, 4, padded(rest.length) / 4);
  rest.copy(bytes, MESSAGE.bytes);
  return bytes;
}

export function extensionReply(order: ByteOrder, sequence: number, opcode: number): Buffer {
  const bytes = message(order, MESSAGE.reply, sequence);
  bytes[QUERY_EXTENSION.present] = 1;
  bytes[QUERY_EXTENSION.majorOpcode] = opcode;
  return bytes;
}

export function listReply(order: ByteOrder, sequence: number, names: readonly string[]): Buffer {
  const texts = Buffer.concat(names.flatMap((name) => [Buffer.of(name.length), Buffer.from(name)]));
  const bytes = message(order, MESSAGE.reply, sequence, texts);
  bytes[1] = names.length;
  bytes.fill(0, MESSAGE.bytes + texts.length);
  return bytes;
}

/** Numbers from 0 up to a limit, always the same for the same seed (mulberry32). */
export function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** The bytes in pieces of 1 byte to `limit`, as a stream may deliver them. */
export function split(bytes: Buffer, next: (limit: number) => number, limit: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + next(limit);
    pieces.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return pieces;
}
