import type { Authority } from './authority.ts';
import { type ByteOrder, LITTLE_ENDIAN, padded } from './byte-order.ts';
import { SETUP, SETUP_REPLY } from './protocol.ts';

const MAJOR_VERSION = 11;

/** The first message of a client of protocol 11.0, with what lets it in if anything does. */
export function clientSetup(authority: Pick<Authority, 'name' | 'data'> | undefined): Buffer {
  const { name, data } = authority ?? { name: '', data: Buffer.alloc(0) };
  const bytes = Buffer.alloc(SETUP.headerBytes + padded(name.length) + padded(data.length));
  bytes[0] = LITTLE_ENDIAN.mark;
  LITTLE_ENDIAN.setU16(bytes, 2, MAJOR_VERSION);
  LITTLE_ENDIAN.setU16(bytes, SETUP.nameLength, name.length);
  LITTLE_ENDIAN.setU16(bytes, SETUP.dataLength, data.length);
  bytes.write(name, SETUP.headerBytes, 'latin1');
  data.copy(bytes, SETUP.headerBytes + padded(name.length));
  return bytes;
}

/** The longest reason, whose length is one byte. */
const REASON_BYTES_MAX = 255;

/** The answer of a server that lets a client not in. @param reason shown to the user by the client; ASCII */
export function setupFailure(reason: string, order: ByteOrder = LITTLE_ENDIAN): Buffer {
  const text = Buffer.from(reason, 'latin1').subarray(0, REASON_BYTES_MAX);
  const bytes = Buffer.alloc(SETUP_REPLY.headerBytes + padded(text.length));
  bytes[0] = SETUP_REPLY.failed;
  bytes[SETUP_REPLY.reasonLength] = text.length;
  order.setU16(bytes, 2, MAJOR_VERSION);
  order.setU16(bytes, SETUP_REPLY.words, padded(text.length) / 4);
  text.copy(bytes, SETUP_REPLY.headerBytes);
  return bytes;
}
