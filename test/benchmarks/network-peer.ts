/**
 * The client of network.ts, on either side.
 *
 *     node network-peer.cjs host|guest send PORT BYTES        sends them to the server
 *     node network-peer.cjs host|guest receive PORT BYTES     takes them from it, then sends a byte back
 *
 * For the host the server is on its loopback, which the guest finds behind its gateway.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const PIECE = Buffer.alloc(64 * 1024, 'x');

/** From /proc/net/route: the gateway of the destination 0, four bytes in the order of the machine, in hexadecimal. */
function gateway(): string {
  const rows = readFileSync('/proc/net/route', 'utf8').split('\n');
  const row = rows.map((line) => line.split('\t')).find(([, destination]) => destination === '00000000');
  const bytes = Buffer.from(row?.[2] ?? '', 'hex').reverse();
  if (bytes.length !== 4) throw new Error('The guest has no gateway');
  return bytes.join('.');
}

async function main([place, direction, port, bytes]: readonly string[]): Promise<void> {
  const socket = connect(Number(port), place === 'guest' ? gateway() : '127.0.0.1');
  let missing = Number(bytes);
  await once(socket, 'connect');
  if (direction === 'send') {
    for (; missing > 0; missing -= PIECE.length) if (!socket.write(PIECE)) await once(socket, 'drain');
    socket.end();
    return;
  }
  socket.on('data', (chunk: Buffer) => {
    missing -= chunk.length;
    if (missing <= 0) socket.end('.');
  });
}

void main(process.argv.slice(2));
