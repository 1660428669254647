import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import type { Piece, Side } from '../trace.ts';

/** Of one program; more than that is passed on, but not kept. */
const CONNECTIONS_MAX = 32;

/**
 * Stands between clients and their server, and keeps what they say until there is enough of it. Descriptors do not pass.
 *
 * @param path where it listens @param server where it connects to
 */
export async function startRecorder(path: string, server: string, bytesMax: number) {
  const pieces: Piece[] = [];
  let bytes = 0;
  let connections = 0;
  const keep = (connection: number, from: Side, chunk: Buffer) => {
    if (connection >= CONNECTIONS_MAX || bytes >= bytesMax) return;
    bytes += chunk.length;
    pieces.push({ connection, from, bytes: chunk });
  };
  const listener = createServer((client) => {
    const connection = connections;
    connections += 1;
    const upstream = createConnection({ path: server });
    join(client, upstream, (chunk) => keep(connection, 'client', chunk));
    join(upstream, client, (chunk) => keep(connection, 'server', chunk));
  });
  listener.listen(path);
  await once(listener, 'listening');
  return { pieces, close: () => listener.close() };
}

function join(from: Socket, to: Socket, keep: (chunk: Buffer) => void): void {
  from.on('error', () => to.destroy());
  from.on('data', (chunk: Buffer) => {
    keep(Buffer.from(chunk));
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from.on('end', () => to.end());
}
