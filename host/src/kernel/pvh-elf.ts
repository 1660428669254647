/**
 * The guest kernel as QEMU boots it. libkrunfw carries an x86-64 kernel as a raw memory image; its bytes include the
 * PVH note that tells a loader the 32-bit entry point (xen/include/public/elfnote.h, XEN_ELFNOTE_PHYS32_ENTRY). QEMU
 * reads that note from an ELF file's PT_NOTE, so the image is wrapped in the smallest ELF file that has one.
 */

/** A kernel as libkrunfw hands it out. */
export interface RawKernel {
  readonly image: Buffer;
  /** Guest physical address that the image is loaded at. */
  readonly loadAddress: bigint;
}

const PHYS32_ENTRY = 18;
const NOTE_NAME = Buffer.from('Xen\0', 'latin1');
// Elf_Nhdr, 12 bytes, little-endian: 0 u32 namesz · 4 u32 descsz · 8 u32 type, then name and descriptor.
const NOTE_HEADER_BYTES = 12;
const ENTRY_BYTES_MAX = 8;

const FILE_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const PROGRAM_HEADERS = 2;
const NOTE_OFFSET = FILE_HEADER_BYTES + PROGRAM_HEADERS * PROGRAM_HEADER_BYTES;
const IMAGE_OFFSET = 4096;

const PT_LOAD = 1;
const PT_NOTE = 4;
const FLAGS_RWX = 7;
const FLAGS_R = 4;

/** The physical address of the 32-bit entry point. @throws RangeError where the image carries no PVH note */
export function findPvhEntry(image: Buffer): bigint {
  for (let at = image.indexOf(NOTE_NAME); at >= 0; at = image.indexOf(NOTE_NAME, at + NOTE_NAME.length)) {
    const entry = entryOfNote(image, at);
    if (entry !== undefined) return entry;
  }
  throw new RangeError(`Cannot find a PVH note in a kernel image of ${image.length} bytes`);
}

function entryOfNote(image: Buffer, nameOffset: number): bigint | undefined {
  const header = nameOffset - NOTE_HEADER_BYTES;
  if (header < 0) return undefined;
  const descriptorBytes = image.readUInt32LE(header + 4);
  const descriptor = nameOffset + NOTE_NAME.length;
  const isEntry =
    image.readUInt32LE(header) === NOTE_NAME.length &&
    image.readUInt32LE(header + 8) === PHYS32_ENTRY &&
    (descriptorBytes === 4 || descriptorBytes === ENTRY_BYTES_MAX) &&
    descriptor + descriptorBytes <= image.length;
  if (!isEntry) return undefined;
  return descriptorBytes === 4 ? BigInt(image.readUInt32LE(descriptor)) : image.readBigUInt64LE(descriptor);
}

/** The bytes that stand before the image in the ELF file: 4096 of them. */
export function renderPvhHeader({ image, loadAddress }: RawKernel): Buffer {
  const entry = findPvhEntry(image);
  const note = renderNote(entry);
  const header = Buffer.alloc(IMAGE_OFFSET);
  renderFileHeader(loadAddress).copy(header);
  renderProgramHeader({
    type: PT_LOAD,
    flags: FLAGS_RWX,
    offset: IMAGE_OFFSET,
    address: loadAddress,
    bytes: image.length,
    align: IMAGE_OFFSET,
  }).copy(header, FILE_HEADER_BYTES);
  renderProgramHeader({
    type: PT_NOTE,
    flags: FLAGS_R,
    offset: NOTE_OFFSET,
    address: 0n,
    bytes: note.length,
    align: 4,
  }).copy(header, FILE_HEADER_BYTES + PROGRAM_HEADER_BYTES);
  note.copy(header, NOTE_OFFSET);
  return header;
}

function renderNote(entry: bigint): Buffer {
  const note = Buffer.alloc(NOTE_HEADER_BYTES + NOTE_NAME.length + ENTRY_BYTES_MAX);
  note.writeUInt32LE(NOTE_NAME.length, 0);
  note.writeUInt32LE(ENTRY_BYTES_MAX, 4);
  note.writeUInt32LE(PHYS32_ENTRY, 8);
  NOTE_NAME.copy(note, NOTE_HEADER_BYTES);
  note.writeBigUInt64LE(entry, NOTE_HEADER_BYTES + NOTE_NAME.length);
  return note;
}

/** Elf64_Ehdr of elf.h: an executable (type 2) for x86-64 (machine 62) whose program headers follow at once. */
function renderFileHeader(entry: bigint): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(header); // magic, 64 bit, little-endian, version 1
  header.writeUInt16LE(2, 16); // e_type
  header.writeUInt16LE(62, 18); // e_machine
  header.writeUInt32LE(1, 20); // e_version
  header.writeBigUInt64LE(entry, 24); // e_entry
  header.writeBigUInt64LE(BigInt(FILE_HEADER_BYTES), 32); // e_phoff
  header.writeUInt16LE(FILE_HEADER_BYTES, 52); // e_ehsize
  header.writeUInt16LE(PROGRAM_HEADER_BYTES, 54); // e_phentsize
  header.writeUInt16LE(PROGRAM_HEADERS, 56); // e_phnum
  return header;
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: bigint;
  readonly bytes: number;
  readonly align: number;
}

/** Elf64_Phdr of elf.h. */
function renderProgramHeader({ type, flags, offset, address, bytes, align }: Segment): Buffer {
  const header = Buffer.alloc(PROGRAM_HEADER_BYTES);
  header.writeUInt32LE(type, 0); // p_type
  header.writeUInt32LE(flags, 4); // p_flags
  header.writeBigUInt64LE(BigInt(offset), 8); // p_offset
  header.writeBigUInt64LE(address, 16); // p_vaddr
  header.writeBigUInt64LE(address, 24); // p_paddr
  header.writeBigUInt64LE(BigInt(bytes), 32); // p_filesz
  header.writeBigUInt64LE(BigInt(bytes), 40); // p_memsz
  header.writeBigUInt64LE(BigInt(align), 48); // p_align
  return header;
}
