import { createConnection, createServer } from 'node:net';
import { LINK_STREAMS_MAX, type Link, splice } from '@muvm/link';
import type { GuestConfig } from '@muvm/protocol/contract';
import { boundSockets } from './bind-sockets.ts';

// A Unix socket may be shut down in one direction while the other goes on.
const HALF_OPEN = { allowHalfOpen: true };

/** Joins each connection to its socket's other half on the host, for as long as the link lives. */
export function serveSockets(
  link: Link,
  { forwardedSockets, publishedSockets }: Pick<GuestConfig, 'forwardedSockets' | 'publishedSockets'>,
): void {
  for (const { port } of forwardedSockets) {
    const fd = boundSockets.get(port);
    if (fd !== undefined) forward(link, port, fd);
  }
  for (const { port, path } of publishedSockets) {
    link.listen(port, (stream) => splice(stream, createConnection({ path, ...HALF_OPEN })), HALF_OPEN);
  }
}

function forward(link: Link, port: number, fd: number): void {
  const server = createServer(HALF_OPEN, (socket) => {
    socket.on('error', () => {});
    link.connect(port, HALF_OPEN).then(
      (stream) => splice(socket, stream),
      () => socket.destroy(),
    );
  });
  server.maxConnections = LINK_STREAMS_MAX;
  server.listen({ fd });
}
