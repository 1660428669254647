import { clientFrames, serverFrames } from '../frames.ts';
import { connectionsOf, type Piece, type Side, streamOf } from '../trace.ts';

/** Leaves out the last message of each side of each connection where it is not whole, and connections that never began. */
export function wholeMessages(pieces: readonly Piece[], bigOpcode: number | undefined): Piece[] {
  const ends = new Map<string, number>();
  for (const connection of connectionsOf({ pieces })) {
    const { connection: number } = connection[0] as Piece;
    const client = clientFrames(streamOf(connection, 'client'), bigOpcode);
    const server = client && serverFrames(streamOf(connection, 'server'), client.isLittle);
    if (!client || !server) continue;
    if (client.fault) throw new Error(`Connection ${number} is no conversation of X11: ${client.fault}`);
    ends.set(`${number} client`, client.rest.at);
    ends.set(`${number} server`, server.rest.at);
  }
  return pieces.flatMap((piece) => {
    const key = `${piece.connection} ${piece.from satisfies Side}`;
    const bytes = piece.bytes.subarray(0, ends.get(key) ?? 0);
    ends.set(key, (ends.get(key) ?? 0) - bytes.length);
    return bytes.length > 0 ? [{ ...piece, bytes }] : [];
  });
}

/** The same text wherever it stands, with other bytes in its place. The text may lie across pieces. */
export function replaceEverywhere(pieces: readonly Piece[], secret: Buffer, other: Buffer): Piece[] {
  const changed = pieces.map((piece) => ({ ...piece, bytes: Buffer.from(piece.bytes) }));
  for (const connection of connectionsOf({ pieces: changed })) {
    for (const from of ['client', 'server'] as const) {
      const stream = streamOf(connection, from);
      for (let at = stream.indexOf(secret); at >= 0; at = stream.indexOf(secret, at + 1)) other.copy(stream, at);
      let at = 0;
      for (const piece of connection.filter((one) => one.from === from)) {
        stream.copy(piece.bytes, 0, at, at + piece.bytes.length);
        at += piece.bytes.length;
      }
    }
  }
  return changed;
}
