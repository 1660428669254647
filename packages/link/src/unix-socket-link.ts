import { existsSync, statSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { MuvmError, toMuvmError } from '@muvm/errors';
import { Scope } from '@muvm/lifetime';
import { createListener } from './greeted-server.ts';
import { awaitGreeting } from './greeting.ts';
import { assertPort, type Link } from './link.ts';
import { refused } from './refusal.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const OTHERS_BITS = 0o077;

/** Where the socket of a port is, for the driver that maps it to a vsock port of the guest. */
export function socketPathOfPort(directory: string, port: number): string {
  return join(directory, `port-${port}.sock`);
}

/**
 * The host's side of a link over vsock: the VMM maps each vsock port to a unix socket in a directory that is its
 * owner's alone.
 *
 * @throws MuvmError RUN_DIRECTORY for a directory that others may use
 */
export function createUnixSocketLink(directory: string, connectTimeoutMs: number = CONNECT_TIMEOUT_MS): Link {
  assertPrivate(directory);
  const scope = new Scope();
  return {
    async connect(port, { signal } = {}) {
      assertPort(port);
      signal?.throwIfAborted();
      const socket = await connectPath(socketPathOfPort(directory, port), port);
      await awaitGreeting(socket, port, { signal, timeoutMs: connectTimeoutMs });
      return socket;
    },
    listen(port, onConnection) {
      assertPort(port);
      const path = socketPathOfPort(directory, port);
      if (existsSync(path)) {
        throw new MuvmError('RUN_DIRECTORY', `Cannot listen on "${path}" as something is there already`);
      }
      const server = createServer({ allowHalfOpen: false }).listen(path);
      if (!server.listening) throw new MuvmError('RUN_DIRECTORY', `Cannot listen on "${path}"`);
      return scope.use(createListener(server, port, { onConnection }));
    },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

function assertPrivate(directory: string): void {
  try {
    const mode = statSync(directory).mode & 0o777;
    if ((mode & OTHERS_BITS) === 0) return;
    throw new MuvmError(
      'RUN_DIRECTORY',
      `Cannot use the directory "${directory}" as its mode must be 700: current mode is ${mode.toString(8)}`,
    );
  } catch (error) {
    throw toMuvmError(error, 'RUN_DIRECTORY', `Cannot use the directory "${directory}"`);
  }
}

// Local and at once, so nothing here to time out or to abort.
function connectPath(path: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    socket.once('error', (cause) => reject(refused(port, 'nobody listens there', cause)));
    socket.once('connect', () => {
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}
