/** What the scripted server and its clients say, little-endian. */

/** Opcodes that the server gives out. */
export const OPCODES: Readonly<Record<string, number>> = { DRI3: 149, Present: 148, SYNC: 134, 'MIT-SHM': 130 };

export function request(opcode: number, minor: number, ...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length);
  bytes[0] = opcode;
  bytes[1] = minor;
  bytes.writeUInt16LE(bytes.length / 4, 2);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word >>> 0, 4 + 4 * index);
  return bytes;
}

export function queryExtension(name: string): Buffer {
  const bytes = Buffer.alloc(8 + ((name.length + 3) & ~3));
  bytes[0] = 98;
  bytes.writeUInt16LE(bytes.length / 4, 2);
  bytes.writeUInt16LE(name.length, 4);
  bytes.write(name, 8);
  return bytes;
}

/** @param words from the eighth byte of the reply on */
export function reply(sequence: number, first: number, ...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(32);
  bytes[0] = 1;
  bytes[1] = first;
  bytes.writeUInt16LE(sequence & 0xffff, 2);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word >>> 0, 8 + 4 * index);
  return bytes;
}
