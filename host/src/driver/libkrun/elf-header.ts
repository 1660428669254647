import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What the header of an ELF file says: elf(5). */
export interface ElfHeader {
  /** EM_* of linux/elf-em.h: 62 is x86-64, 183 is AArch64. */
  readonly machine: number;
  /** Whether the file is as long as its header says. The dynamic loader may crash on one that is cut off. */
  readonly isComplete: boolean;
}

/** The e_machine of Node's `process.arch`, for those that muvm runs on. */
export const ELF_MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

// Elf64_Ehdr, little-endian: 0 u8 magic[4] · 4 u8 class · 5 u8 data · 18 u16 machine · 40 u64 shoff · 58 u16 shentsize
// · 60 u16 shnum. The machine is at the same place in the 32-bit form.
const HEADER_BYTES = 64;
const MAGIC = Buffer.from('\x7fELF', 'latin1');
const CLASS_64 = 2;

/**
 * Reads the header of an ELF file.
 *
 * @returns undefined where the file is no ELF file
 * @throws a system error where it cannot be read
 */
export function readElfHeader(path: string): ElfHeader | undefined {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const length = readSync(file, header, 0, HEADER_BYTES, 0);
    if (length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    return { machine: header.readUInt16LE(18), isComplete: sectionsEnd(header) <= fstatSync(file).size };
  } finally {
    closeSync(file);
  }
}

/** Where the table of sections ends, which linkers put last. 0 where that is not known. */
function sectionsEnd(header: Buffer): number {
  if (header[4] !== CLASS_64) return 0;
  return Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
}
