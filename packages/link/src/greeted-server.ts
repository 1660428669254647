import type { Server, Socket } from 'node:net';
import { greet } from './greeting.ts';
import { LINK_STREAMS_MAX, type Listener } from './link.ts';

export interface GreetedServerOptions {
  readonly onConnection: (socket: Socket) => void;
  /** Whether a connection may come in at all; one that may not is closed without a greeting. */
  readonly mayEnter?: (socket: Socket) => boolean;
}

/** Makes a listener of a server whose connections are one port of a link. OWNERSHIP: takes the server. */
export function createListener(
  server: Server,
  port: number,
  { onConnection, mayEnter = () => true }: GreetedServerOptions,
): Listener {
  server.maxConnections = LINK_STREAMS_MAX;
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    if (!mayEnter(socket)) {
      socket.destroy();
      return;
    }
    greet(socket);
    onConnection(socket);
  });
  return {
    port,
    // Not awaited: a server counts as open for as long as one of its connections.
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}
