import type { ExportedFile } from '@muvm/linux';
import { COMMANDS, HEADER_BYTES, PROTOCOL_VERSION, SEND_DATA_BYTES_MAX, TRANSFER } from './protocol.ts';

/** Something that goes with a message: a buffer by the number of its resource, or a shared file by the number of its futex. */
export interface Identifier {
  readonly id: number;
  /** Of IDENTIFIER_TYPES. */
  readonly type: number;
}

/** @param rings numbers of the resources that are the rings */
export function encodeInit(rings: { readonly query: number; readonly channel: number }, channelType: number): Buffer {
  const bytes = command(COMMANDS.init, 24);
  bytes.writeUInt32LE(rings.query, 8);
  bytes.writeUInt32LE(rings.channel, 12);
  bytes.writeUInt32LE(channelType, 16);
  bytes.writeUInt32LE(PROTOCOL_VERSION, 20);
  return bytes;
}

/** To be executed on the channel ring: its fence is signalled once the next message is there. */
export function encodePoll(): Buffer {
  return command(COMMANDS.poll, 16);
}

/**
 * @param data 1 byte at least, as descriptors go with its first one, and SEND_DATA_BYTES_MAX at most
 * @param space where to put it, SEND_BYTES_MAX long, if not into memory of its own
 * @throws RangeError for more of either than the host takes, as it would drop them without a word
 */
export function encodeSend(data: Buffer, identifiers: readonly Identifier[], space?: Buffer): Buffer {
  if (data.length === 0 || data.length > SEND_DATA_BYTES_MAX) {
    throw new RangeError(`Cannot send ${data.length} bytes as it must be 1 to ${SEND_DATA_BYTES_MAX}`);
  }
  if (identifiers.length > TRANSFER.identifiersMax) {
    throw new RangeError(`Cannot send ${identifiers.length} identifiers as ${TRANSFER.identifiersMax} is the most`);
  }
  const bytes = command(COMMANDS.send, TRANSFER.data + ((data.length + 3) & ~3), space);
  bytes.writeUInt32LE(identifiers.length, TRANSFER.count);
  bytes.writeUInt32LE(data.length, TRANSFER.dataBytes);
  for (const [index, { id, type }] of identifiers.entries()) {
    bytes.writeUInt32LE(id, TRANSFER.ids + 4 * index);
    bytes.writeUInt32LE(type, TRANSFER.types + 4 * index);
  }
  data.copy(bytes, TRANSFER.data);
  return bytes;
}

/** The host maps the first word of a file as a futex. @param id not used before in this context */
export function encodeFutexNew({ fsId, handle }: ExportedFile, id: number): Buffer {
  const bytes = command(COMMANDS.futexNew, 32);
  bytes.writeBigUInt64LE(fsId, 8);
  bytes.writeBigUInt64LE(handle, 16);
  bytes.writeUInt32LE(id, 24);
  return bytes;
}

/** The host wakes who waits for the futex there. */
export function encodeFutexSignal(id: number): Buffer {
  return futexCommand(COMMANDS.futexSignal, id);
}

/** The host forgets the futex, and changes its word as it does. */
export function encodeFutexDestroy(id: number): Buffer {
  return futexCommand(COMMANDS.futexDestroy, id);
}

function futexCommand(code: number, id: number): Buffer {
  const bytes = command(code, 16);
  bytes.writeUInt32LE(id, HEADER_BYTES);
  return bytes;
}

function command(code: number, sizeBytes: number, space?: Buffer): Buffer {
  const bytes = space?.subarray(0, sizeBytes) ?? Buffer.alloc(sizeBytes);
  if (space) bytes.fill(0, 0, TRANSFER.data);
  bytes[0] = code;
  bytes.writeUInt16LE(sizeBytes, 2);
  return bytes;
}
