const LOAD_ADDRESS = 0x08048000;
const HEADER_BYTES = 52;
const SEGMENT_BYTES = 32;
const ENTRY = LOAD_ADDRESS + HEADER_BYTES + SEGMENT_BYTES;

/**
 * A whole program of i386, which no package of a system without such programs has: it writes "32 bits" and ends with 7.
 *
 * Source: elf(5); the system calls write (4) and exit (1) of i386.
 */
export function program32(): Buffer {
  const text = Buffer.from('32 bits\n');
  const code = (textAddress: number) =>
    Buffer.concat([load(0xb8, 4), load(0xbb, 1), load(0xb9, textAddress), load(0xba, text.length), SYSTEM_CALL, EXIT]);
  const body = Buffer.concat([code(ENTRY + code(0).length), text]);
  return whole(body);
}

/** One that goes round for ever. */
export function endlessProgram32(): Buffer {
  // `jmp` to itself.
  return whole(Buffer.from([0xeb, 0xfe]));
}

function whole(body: Buffer): Buffer {
  return Buffer.concat([header(), segment(HEADER_BYTES + SEGMENT_BYTES + body.length), body]);
}

/** `int 0x80`. */
const SYSTEM_CALL = Buffer.from([0xcd, 0x80]);
const EXIT = Buffer.concat([load(0xb8, 1), load(0xbb, 7), SYSTEM_CALL]);

/** `mov register, value`, by the operation that names the register. */
function load(operation: number, value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(operation);
  bytes.writeUInt32LE(value, 1);
  return bytes;
}

function header(): Buffer {
  const ident = [0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  return Buffer.concat([
    Buffer.from(ident),
    // ET_EXEC for EM_386.
    halves(2, 3),
    words(1, ENTRY, HEADER_BYTES, 0, 0),
    halves(HEADER_BYTES, SEGMENT_BYTES, 1, 0, 0, 0),
  ]);
}

/** The one segment: the whole file, read and executed. */
function segment(bytes: number): Buffer {
  return words(1, 0, LOAD_ADDRESS, LOAD_ADDRESS, bytes, bytes, 5, 0x1000);
}

function halves(...values: readonly number[]): Buffer {
  return Buffer.from(Uint16Array.from(values).buffer);
}

function words(...values: readonly number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}
