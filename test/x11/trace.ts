/**
 * What a program and its X server said to each other, in the order in which the pieces came.
 *
 * File, packed by gzip: 8 bytes `muvm-x11` · u32 length of the facts · the facts as JSON · then for each piece: u8 number of the
 * connection · u8 0 from the client, 1 from the server · u32 length · bytes. Numbers are little-endian. Each
 * direction of a connection ends with a whole message.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { REPOSITORY } from '../framework/repository.ts';

export const TRACES = join(REPOSITORY, 'test/x11/traces');

export type Side = 'client' | 'server';

export interface Piece {
  /** Programs may open several. */
  readonly connection: number;
  readonly from: Side;
  readonly bytes: Buffer;
}

export interface TraceFacts {
  readonly name: string;
  readonly command: readonly string[];
  /** The opcodes that the server had for extensions that an engine must know. */
  readonly opcodes: Readonly<Record<string, number>>;
}

export interface Trace extends TraceFacts {
  readonly pieces: readonly Piece[];
}

const MARK = 'muvm-x11';
export const SIDES: readonly Side[] = ['client', 'server'];
const PIECE_HEADER_BYTES = 6;

export function traceNames(): string[] {
  const files = readdirSync(TRACES).filter((file) => file.endsWith('.gz'));
  return files.map((file) => file.slice(0, -'.gz'.length)).sort();
}

export function packTrace({ pieces, ...facts }: Trace): Buffer {
  const text = Buffer.from(JSON.stringify(facts));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const packed = pieces.flatMap(({ connection, from, bytes }) => {
    const header = Buffer.alloc(PIECE_HEADER_BYTES);
    header.set([connection, SIDES.indexOf(from)]);
    header.writeUInt32LE(bytes.length, 2);
    return [header, bytes];
  });
  return gzipSync(Buffer.concat([Buffer.from(MARK), length, text, ...packed]), { level: constants.Z_BEST_COMPRESSION });
}

export function unpackTrace(file: Buffer): Trace {
  const bytes = gunzipSync(file);
  if (bytes.toString('latin1', 0, MARK.length) !== MARK)
    throw new RangeError('Cannot read a trace that has not its mark');
  const textAt = MARK.length + 4;
  let at = textAt + bytes.readUInt32LE(MARK.length);
  const facts = JSON.parse(bytes.toString('utf8', textAt, at)) as TraceFacts;
  const pieces: Piece[] = [];
  while (at < bytes.length) {
    const end = at + PIECE_HEADER_BYTES + bytes.readUInt32LE(at + 2);
    const from = SIDES[bytes.readUInt8(at + 1)] as Side;
    pieces.push({ connection: bytes.readUInt8(at), from, bytes: bytes.subarray(at + PIECE_HEADER_BYTES, end) });
    at = end;
  }
  return { ...facts, pieces };
}

export const readTrace = (name: string): Trace => unpackTrace(readFileSync(join(TRACES, `${name}.gz`)));

/** @returns its size in the file, in bytes */
export function writeTrace(trace: Trace): number {
  const bytes = packTrace(trace);
  writeFileSync(join(TRACES, `${trace.name}.gz`), bytes);
  return bytes.length;
}

/** The pieces of each connection that said anything, in the order of their first words. */
export function connectionsOf({ pieces }: Pick<Trace, 'pieces'>): Piece[][] {
  const byNumber = new Map<number, Piece[]>();
  for (const piece of pieces) byNumber.set(piece.connection, [...(byNumber.get(piece.connection) ?? []), piece]);
  return [...byNumber.values()];
}

/** All that one side of a connection said. */
export const streamOf = (pieces: readonly Piece[], from: Side): Buffer =>
  Buffer.concat(pieces.filter((piece) => piece.from === from).map(({ bytes }) => bytes));
