import { MuvmError } from '@muvm/errors';

/** How a client, and the server to it, writes numbers. */
export interface ByteOrder {
  readonly mark: number;
  u16(bytes: Buffer, offset: number): number;
  u32(bytes: Buffer, offset: number): number;
  setU16(bytes: Buffer, offset: number, value: number): void;
  setU32(bytes: Buffer, offset: number, value: number): void;
}

export const LITTLE_ENDIAN: ByteOrder = {
  mark: 0x6c,
  u16: (bytes, offset) => bytes.readUInt16LE(offset),
  u32: (bytes, offset) => bytes.readUInt32LE(offset),
  setU16: (bytes, offset, value) => void bytes.writeUInt16LE(value, offset),
  setU32: (bytes, offset, value) => void bytes.writeUInt32LE(value, offset),
};

export const BIG_ENDIAN: ByteOrder = {
  mark: 0x42,
  u16: (bytes, offset) => bytes.readUInt16BE(offset),
  u32: (bytes, offset) => bytes.readUInt32BE(offset),
  setU16: (bytes, offset, value) => void bytes.writeUInt16BE(value, offset),
  setU32: (bytes, offset, value) => void bytes.writeUInt32BE(value, offset),
};

/** @param mark the first byte of a client @throws MuvmError PROTOCOL for one that means nothing */
export function byteOrderOf(mark: number): ByteOrder {
  if (mark === LITTLE_ENDIAN.mark) return LITTLE_ENDIAN;
  if (mark === BIG_ENDIAN.mark) return BIG_ENDIAN;
  throw new MuvmError('PROTOCOL', `Cannot use ${mark} as the byte order of an X11 client as it must be 66 or 108`);
}

/** The next multiple of 4. */
export const padded = (bytes: number): number => (bytes + 3) & ~3;

export const NOTHING: Buffer = Buffer.alloc(0);

/** What is left of a piece from there on. A copy, as the rest is passed on and its memory may be used again. */
export const kept = (bytes: Buffer, from: number): Buffer =>
  from < bytes.length ? Buffer.from(bytes.subarray(from)) : NOTHING;
