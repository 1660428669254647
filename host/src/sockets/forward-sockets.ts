import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { toMuvmError } from '@muvm/errors';
import { Scope } from '@muvm/lifetime';
import { LINK_STREAMS_MAX, type Link, splice } from '@muvm/link';
import { SOCKET_PORTS } from '@muvm/protocol/contract';
import type { VmPlan } from '../config/vm-plan.ts';

// A Unix socket may be shut down in one direction while the other goes on.
const HALF_OPEN = { allowHalfOpen: true };

/**
 * Joins the sockets of a plan to their other halves in the guest. Disposal removes those that were made on the host.
 *
 * @param onFile told of each file that was made
 * @throws MuvmError RUN_DIRECTORY where one cannot be made
 */
export async function forwardSockets(
  link: Link,
  { forwardedSockets, publishedSockets }: Pick<VmPlan, 'forwardedSockets' | 'publishedSockets'>,
  onFile: (path: string) => void,
): Promise<AsyncDisposable> {
  const scope = new Scope();
  try {
    for (const [index, { hostPath }] of forwardedSockets.entries()) {
      const toHost = (stream: Parameters<typeof splice>[0]) =>
        splice(stream, createConnection({ path: hostPath, ...HALF_OPEN }));
      scope.use(link.listen(SOCKET_PORTS.forwarded + index, toHost, HALF_OPEN));
    }
    for (const [index, { hostPath }] of publishedSockets.entries()) {
      await publish(link, SOCKET_PORTS.published + index, hostPath, scope);
      onFile(hostPath);
    }
    return scope;
  } catch (error) {
    await scope[Symbol.asyncDispose]();
    throw error;
  }
}

async function publish(link: Link, port: number, path: string, scope: Scope): Promise<void> {
  const connections = new Set<Socket>();
  const server = createServer(HALF_OPEN, (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket)).on('error', () => {});
    link.connect(port, HALF_OPEN).then(
      (stream) => splice(socket, stream),
      () => socket.destroy(),
    );
  });
  server.maxConnections = LINK_STREAMS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const hint = `Remove "${path}" if no program uses it any more, or publish to another path.`;
      reject(toMuvmError(error, 'RUN_DIRECTORY', `Cannot publish a socket of the guest as "${path}"`, hint));
    });
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  scope.defer(() => {
    server.close();
    for (const socket of connections) socket.destroy();
    rmSync(path, { force: true });
  });
}
