/**
 * The bridge of socket mode without a machine: what comes by a socket here comes by a stream of the link there. Says `ready`.
 *
 *     node x11-bridge.cjs SOCKET DISPLAY
 */
import { createServer } from 'node:net';
import { joinClient } from '../../host/src/x11/join-client.ts';
import { serverAddress, type X11Server } from '../../host/src/x11/server-address.ts';

const [path, display] = process.argv.slice(2) as [string, string];
const server = serverAddress(display) as X11Server;

createServer((socket) => {
  // Whoever has it learns of an error by its close.
  socket.on('error', () => {});
  void joinClient(socket, server, (reason) => process.stderr.write(`bridge: ${reason}\n`));
}).listen(path, () => process.stdout.write('ready\n'));
