import { createHash, type Hash } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';

const PIECE_BYTES = 64 * 1024;

/** Bytes that no other piece of a transfer has: a block that does not repeat itself, and the number of the piece. */
export function pieceOf(number: number, bytes = PIECE_BYTES): Buffer {
  const piece = Buffer.from(BLOCK);
  piece.writeUInt32LE(number, 0);
  return piece.subarray(0, bytes);
}

const BLOCK = makeBlock();

function makeBlock(): Buffer {
  const block = Buffer.alloc(PIECE_BYTES);
  let state = 1;
  for (let at = 0; at < PIECE_BYTES; at += 4) {
    // xorshift32 of G. Marsaglia.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    block.writeInt32LE(state, at);
  }
  return block;
}

/** The pieces of a transfer. */
export function* pieces(totalBytes: number): Generator<Buffer> {
  for (let sent = 0; sent < totalBytes; sent += PIECE_BYTES) {
    yield pieceOf(sent / PIECE_BYTES, Math.min(PIECE_BYTES, totalBytes - sent));
  }
}

/** What a receiver of all pieces must find, in hexadecimal. */
export function hashOfPieces(totalBytes: number): string {
  const hash = createHash('sha256');
  for (const piece of pieces(totalBytes)) hash.update(piece);
  return hash.digest('hex');
}

export async function writePieces(stream: Writable, totalBytes: number): Promise<void> {
  for (const piece of pieces(totalBytes)) {
    if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve));
  }
}

/** Hashes what comes, until the stream ends or so many bytes are there. */
export async function hashOfStream(stream: Readable, totalBytes = Number.POSITIVE_INFINITY): Promise<string> {
  const hash: Hash = createHash('sha256');
  let missing = totalBytes;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    hash.update(chunk as Buffer);
    missing -= (chunk as Buffer).length;
    if (missing <= 0) break;
  }
  return hash.digest('hex');
}
