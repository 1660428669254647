import { COMMANDS, HEADER_BYTES, RECEIVE_DATA_BYTES_MAX, TRANSFER } from './protocol.ts';

/** Something that came with a message, with its size in bytes. */
export interface ReceivedIdentifier {
  readonly id: number;
  /** Of IDENTIFIER_TYPES. */
  readonly type: number;
  readonly sizeBytes: number;
}

/** What the host puts into the ring of the channel. */
export type ChannelMessage =
  /** Without data the other end has closed. `data` is a copy. */
  | { readonly kind: 'data'; readonly data: Buffer; readonly identifiers: readonly ReceivedIdentifier[] }
  /** Somebody on the host woke who waits for a futex. */
  | { readonly kind: 'futex'; readonly id: number }
  | { readonly kind: 'unknown'; readonly command: number };

/** Reads the ring of the channel, which the host leaves alone until the next poll. Its counts are capped by what fits. */
export function decodeChannelMessage(ring: Buffer): ChannelMessage {
  const command = ring[0] as number;
  if (command === COMMANDS.futexSignal) return { kind: 'futex', id: ring.readUInt32LE(HEADER_BYTES) };
  if (command !== COMMANDS.receive) return { kind: 'unknown', command };
  const count = Math.min(ring.readUInt32LE(TRANSFER.count), TRANSFER.identifiersMax);
  const dataBytes = Math.min(ring.readUInt32LE(TRANSFER.dataBytes), RECEIVE_DATA_BYTES_MAX);
  return {
    kind: 'data',
    data: Buffer.from(ring.subarray(TRANSFER.data, TRANSFER.data + dataBytes)),
    identifiers: Array.from({ length: count }, (_, index) => ({
      id: ring.readUInt32LE(TRANSFER.ids + 4 * index),
      type: ring.readUInt32LE(TRANSFER.types + 4 * index),
      sizeBytes: ring.readUInt32LE(TRANSFER.sizes + 4 * index),
    })),
  };
}
