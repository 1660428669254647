/** Sizes, offsets and codes of the messages that the engine looks into. Numbers are in bytes unless they say "words" (4 bytes). */

/** Connection setup of a client: 0 byte order · 2 major · 4 minor · 6 name length n · 8 data length d · 12 name, data, padded. */
export const SETUP = { headerBytes: 12, nameLength: 6, dataLength: 8, bytesMax: 16 * 1024 } as const;

/** Answer to it: 0 status · 1 length of the reason of a failure · 6 length of the rest in words · 8 rest. */
export const SETUP_REPLY = { headerBytes: 8, reasonLength: 1, words: 6, failed: 0, success: 1 } as const;

/** Request: 0 major opcode · 1 minor opcode or data · 2 length in words, 0 where it stands at 4 (BIG-REQUESTS). */
export const REQUEST = { headerBytes: 4, bigHeaderBytes: 8, words: 2, bigWords: 4 } as const;

/** Request QueryExtension: 4 length of the name · 8 name. Its reply: 8 whether there is one · 9 opcode · 10 event · 11 error. */
export const QUERY_EXTENSION = { opcode: 98, nameLength: 4, name: 8, present: 8, majorOpcode: 9 } as const;

/** Request ListExtensions. Its reply: 1 number of names · 32 names, each after a byte with its length. */
export const LIST_EXTENSIONS = { opcode: 99, count: 1, names: 32, replyBytesMax: 64 * 1024 } as const;

/** Opcodes from here on are those of extensions. */
export const FIRST_EXTENSION_OPCODE = 128;

/** No request has it: the server answers BadRequest. */
export const NO_OPCODE = 0;

/** What the server sends: 0 code · 2 sequence number · 4 length of what follows the first 32 bytes, in words. */
export const MESSAGE = {
  bytes: 32,
  sequence: 2,
  words: 4,
  error: 0,
  reply: 1,
  genericEvent: 35,
  codeMask: 0x7f,
} as const;

/** Of an error: the opcode of the request that failed. */
export const ERROR_MAJOR_OPCODE = 10;

export const BIG_REQUESTS = 'BIG-REQUESTS';
export const BIG_REQUESTS_ENABLE = 0;

/** Longer names are not those of any extension that is looked for. */
export const EXTENSION_NAME_BYTES_MAX = 255;
