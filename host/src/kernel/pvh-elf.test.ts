import { describe, expect, test } from '@jest/globals';
import { findPvhEntry, renderPvhHeader } from './pvh-elf.ts';

const ENTRY = 0x100_0000n;

/** A kernel image of 64 KiB with a PVH note at `at`, its descriptor of 4 or 8 bytes. */
function imageWithNote(at: number, descriptorBytes: 4 | 8 = 8): Buffer {
  const image = Buffer.alloc(65_536, 0x90);
  image.writeUInt32LE(4, at);
  image.writeUInt32LE(descriptorBytes, at + 4);
  image.writeUInt32LE(18, at + 8);
  image.write('Xen\0', at + 12, 'latin1');
  if (descriptorBytes === 8) image.writeBigUInt64LE(ENTRY, at + 16);
  else image.writeUInt32LE(Number(ENTRY), at + 16);
  return image;
}

describe('findPvhEntry()', () => {
  test.each([4, 8] as const)('reads a descriptor of %i bytes', (descriptorBytes) => {
    expect(findPvhEntry(imageWithNote(4096, descriptorBytes))).toBe(ENTRY);
  });

  test('passes over other notes of the same name', () => {
    const image = imageWithNote(8192);
    image.writeUInt32LE(4, 100);
    image.writeUInt32LE(8, 104);
    image.writeUInt32LE(6, 108);
    image.write('Xen\0', 112, 'latin1');
    expect(findPvhEntry(image)).toBe(ENTRY);
  });

  test('refuses an image without the note, and one that is cut inside it', () => {
    expect(() => findPvhEntry(Buffer.alloc(4096))).toThrow('Cannot find a PVH note in a kernel image of 4096 bytes');
    const cut = imageWithNote(4096).subarray(0, 4096 + 16 + 4);
    expect(() => findPvhEntry(cut)).toThrow('Cannot find a PVH note');
  });

  test('is not misled by the name in the first bytes of an image', () => {
    expect(() => findPvhEntry(Buffer.from('Xen\0', 'latin1'))).toThrow('Cannot find a PVH note');
  });
});

describe('renderPvhHeader()', () => {
  const image = imageWithNote(4096);
  const header = renderPvhHeader({ image, loadAddress: 0x100_0000n });

  test('is an ELF64 executable for x86-64 with two program headers', () => {
    expect(header.length).toBe(4096);
    expect(header.subarray(0, 5)).toEqual(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2]));
    expect(header.readUInt16LE(16)).toBe(2);
    expect(header.readUInt16LE(18)).toBe(62);
    expect(header.readUInt16LE(56)).toBe(2);
  });

  test('loads the whole image at its address from behind the header', () => {
    const load = header.subarray(64, 120);
    expect(load.readUInt32LE(0)).toBe(1);
    expect(load.readBigUInt64LE(8)).toBe(4096n);
    expect(load.readBigUInt64LE(24)).toBe(0x100_0000n);
    expect(load.readBigUInt64LE(32)).toBe(BigInt(image.length));
    expect(load.readBigUInt64LE(40)).toBe(BigInt(image.length));
  });

  test('points PT_NOTE at a note with the entry', () => {
    const segment = header.subarray(120, 176);
    expect(segment.readUInt32LE(0)).toBe(4);
    const offset = Number(segment.readBigUInt64LE(8));
    const note = header.subarray(offset, offset + Number(segment.readBigUInt64LE(32)));
    expect(findPvhEntry(note)).toBe(ENTRY);
  });
});
