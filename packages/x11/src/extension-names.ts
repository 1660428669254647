import { padded } from './byte-order.ts';
import type { Conversation } from './conversation.ts';
import { EXTENSION_NAME_BYTES_MAX, LIST_EXTENSIONS, MESSAGE, QUERY_EXTENSION, REQUEST } from './protocol.ts';

const NAME_OFFSET = QUERY_EXTENSION.name - REQUEST.headerBytes;

/** How many bytes of a QueryExtension, from its beginning, hold the name. @param available bytes from there on */
export function bytesWithName({ byteOrder }: Conversation, bytes: Buffer, at: number, headerBytes: number): number {
  const fixedBytes = headerBytes + NAME_OFFSET;
  if (bytes.length - at < fixedBytes) return fixedBytes;
  return fixedBytes + Math.min(byteOrder.u16(bytes, at + headerBytes), EXTENSION_NAME_BYTES_MAX);
}

/** The name that a QueryExtension asks for; undefined where it cannot be one. */
export function nameAsked(
  { byteOrder }: Conversation,
  bytes: Buffer,
  at: number,
  { headerBytes, length }: { readonly headerBytes: number; readonly length: number },
): string | undefined {
  const bodyBytes = length - headerBytes;
  if (bodyBytes < NAME_OFFSET) return undefined;
  const body = at + headerBytes;
  const nameBytes = byteOrder.u16(bytes, body);
  if (nameBytes > EXTENSION_NAME_BYTES_MAX || NAME_OFFSET + nameBytes > bodyBytes) return undefined;
  return bytes.toString('latin1', body + NAME_OFFSET, body + NAME_OFFSET + nameBytes);
}

/** Makes the answer to QueryExtension that of a server without it. */
export function hideExtension(reply: Buffer): void {
  reply.fill(0, QUERY_EXTENSION.present, QUERY_EXTENSION.present + 4);
}

/** The same answer to ListExtensions with the names of hidden extensions left out. */
export function withoutHidden({ byteOrder, hidden }: Conversation, reply: Buffer): Buffer {
  const names = readNames(reply).filter((name) => !hidden.has(name.toString('latin1')));
  const body = Buffer.concat(names.flatMap((name) => [Buffer.of(name.length), name]));
  const changed = Buffer.alloc(MESSAGE.bytes + padded(body.length));
  reply.copy(changed, 0, 0, MESSAGE.bytes);
  body.copy(changed, LIST_EXTENSIONS.names);
  changed[LIST_EXTENSIONS.count] = names.length;
  byteOrder.setU32(changed, MESSAGE.words, padded(body.length) / 4);
  return changed;
}

function readNames(reply: Buffer): Buffer[] {
  const names: Buffer[] = [];
  let at: number = LIST_EXTENSIONS.names;
  for (let left = reply[LIST_EXTENSIONS.count] as number; left > 0 && at < reply.length; left -= 1) {
    const end = at + 1 + (reply[at] as number);
    names.push(reply.subarray(at + 1, Math.min(end, reply.length)));
    at = end;
  }
  return names;
}
