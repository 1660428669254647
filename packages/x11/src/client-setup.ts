import type { Authority } from './authority.ts';
import { LITTLE_ENDIAN, padded } from './byte-order.ts';
import { SETUP } from './protocol.ts';

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
