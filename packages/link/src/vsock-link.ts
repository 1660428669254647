import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { toMuvmError } from '@muvm/errors';
import { Scope } from '@muvm/lifetime';
import { adoptListener, adoptStream, connectVsock, listenVsock, peerCid, VSOCK_CIDS } from '@muvm/linux';
import { abortable } from './abortable.ts';
import { createListener } from './greeted-server.ts';
import { awaitGreeting } from './greeting.ts';
import { assertPort, type Link } from './link.ts';
import { packetStream } from './packet-stream.ts';
import { refused } from './refusal.ts';

export interface VsockLinkOptions {
  /** Who may connect. Without the host's CID alone, any program in the guest reaches its root server through loopback. */
  readonly acceptCids?: readonly number[];
  readonly connectCid?: number;
  readonly connectTimeoutMs?: number;
  /** The most bytes that the VMM takes as one packet. Undefined: as many as the kernel sends. */
  readonly packetBytesMax?: number | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** The guest's side of a link over vsock: each port is a vsock port, each stream a connection. */
export function createVsockLink({
  acceptCids = [VSOCK_CIDS.host],
  connectCid = VSOCK_CIDS.host,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
  packetBytesMax,
}: VsockLinkOptions = {}): Link {
  const scope = new Scope();
  const inPackets = (socket: Socket) => (packetBytesMax ? packetStream(socket, packetBytesMax) : socket);
  return {
    async connect(port, { signal } = {}) {
      assertPort(port);
      const connecting = connectVsock(connectCid, port);
      // Who does not wait any more must not leak the descriptor.
      connecting.then((fd) => signal?.aborted && closeSync(fd)).catch(() => {});
      const fd = await abortable(connecting, signal).catch((error) => {
        if (signal?.aborted) throw error;
        throw refused(port, 'nobody listens there', error);
      });
      const socket = adoptStream(fd).on('error', () => {});
      await awaitGreeting(socket, port, { signal, timeoutMs: connectTimeoutMs });
      return inPackets(socket);
    },
    listen(port, onConnection) {
      assertPort(port);
      const server = adoptListener(listenOn(port));
      const mayEnter = (socket: Socket) => acceptCids.includes(cidOf(socket));
      return scope.use(
        createListener(server, port, { onConnection: (socket) => onConnection(inPackets(socket)), mayEnter }),
      );
    },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

function listenOn(port: number): number {
  try {
    return listenVsock(port);
  } catch (error) {
    throw toMuvmError(error, 'SYSTEM', `Cannot listen on vsock port ${port}`);
  }
}

/** Node shows the descriptor of a socket on its handle alone. NaN, which is nobody, where it is gone already. */
function cidOf(socket: Socket): number {
  const fd = (socket as Socket & { readonly _handle?: { readonly fd: number } | null })._handle?.fd ?? -1;
  try {
    return peerCid(fd);
  } catch {
    return Number.NaN;
  }
}
