import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIP, type Socket } from 'node:net';
import { hashOfStream, writePieces } from './network-bytes.ts';

const LINE_BYTES_MAX = 256;

/**
 * Serves TCP and UDP on a port until the process ends. A datagram is answered with the name of the side before it. A TCP
 * client says in a line what it wants: `say TEXT` the same, `send BYTES` bytes, `take BYTES` the hash of what it sends.
 */
export async function serve(side: string, address: string, port: number): Promise<void> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    void answer(side, socket).catch(() => socket.destroy());
  });
  server.listen({ host: address, port });
  const datagrams = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  datagrams.on('message', (message, from) => datagrams.send(`${side}: ${message}`, from.port, from.address));
  datagrams.bind(port, address);
  await Promise.all([once(server, 'listening'), once(datagrams, 'listening')]);
}

async function answer(side: string, socket: Socket): Promise<void> {
  const [verb, ...words] = (await readLine(socket)).split(' ');
  const text = words.join(' ');
  if (verb === 'say') socket.end(`${side}: ${text}`);
  else if (verb === 'send') {
    await writePieces(socket, Number(text));
    socket.end();
  } else socket.end(await hashOfStream(socket, Number(text)));
}

/** Leaves what follows the line to whoever reads next. */
async function readLine(socket: Socket): Promise<string> {
  let line = Buffer.alloc(0);
  while (line.length < LINE_BYTES_MAX) {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) {
      await once(socket, 'readable');
      continue;
    }
    line = Buffer.concat([line, chunk]);
    const end = line.indexOf('\n');
    if (end < 0) continue;
    if (end + 1 < line.length) socket.unshift(line.subarray(end + 1));
    return line.toString('utf8', 0, end);
  }
  throw new Error('A client said no line');
}
