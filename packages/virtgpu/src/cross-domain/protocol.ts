/**
 * Messages of the cross-domain context of virtio-gpu, all little-endian. Every command begins with its header: 0 u8 command
 * · 1 u8 ring · 2 u16 size of the command · 4 u32 zero. Source: cross_domain_protocol.rs and mod.rs of rutabaga_gfx, as in libkrun.
 */

/** What the host says of it: 0 u32 version · 4 u32 channels, bit `1 << type` for each · 8 u32 dma-bufs · 12 u32 memory of others. */
export const CROSS_DOMAIN_CAPABILITIES = { version: 0, bytes: 16, channels: 4 } as const;

/** What a context is connected with on the host. */
export const CHANNEL_TYPES = { wayland: 0x01, pipewire: 0x10, x11: 0x11 } as const;

export const COMMANDS = {
  init: 1,
  poll: 3,
  send: 4,
  receive: 5,
  futexNew: 8,
  futexSignal: 9,
  futexDestroy: 10,
} as const;

/** What an identifier of a message stands for. */
export const IDENTIFIER_TYPES = { blob: 1, readPipe: 3, writePipe: 4, sharedMemory: 5, eventfd: 6 } as const;

export const HEADER_BYTES = 8;

/** A message to or from the channel: 8 u32 number of identifiers · 12 u32 bytes of data · 16 ids · 128 types · 240 sizes · 352 data. */
export const TRANSFER = {
  count: 8,
  dataBytes: 12,
  ids: 16,
  types: 128,
  sizes: 240,
  data: 352,
  identifiersMax: 28,
} as const;

/** Each ring is one page of the smallest size. */
export const RING_BYTES = 4096;

/** What the host puts into a ring at most. */
export const RECEIVE_DATA_BYTES_MAX = RING_BYTES - TRANSFER.data;

/** The longest command, whose size is a u16 and a multiple of 4. */
export const SEND_BYTES_MAX = 0xfffc;

/** What fits beside the header of one. */
export const SEND_DATA_BYTES_MAX = SEND_BYTES_MAX - TRANSFER.data;

/** The version that has all identifiers and the size of each. */
export const PROTOCOL_VERSION = 1;

/** Rings of a context: where answers to queries go, and where messages of the channel go, each with its fences. */
export const RINGS = { query: 0, channel: 1, count: 2 } as const;
