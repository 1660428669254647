import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Http2Session } from 'node:http2';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { SessionLink, type SessionLinkOptions, type SessionSource } from '../session-link.ts';
import { openClientSession, openServerSession } from '../sessions.ts';

/** A fresh directory with a short path, removed at the end. */
export function temporaryDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'link-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Two connected sockets, as a serial port gives one to each side. */
export async function socketPair(): Promise<readonly [Socket, Socket]> {
  using directory = temporaryDirectory();
  const path = join(directory.path, 's');
  const server = createServer({ allowHalfOpen: false }).listen(path);
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const near = connect(path);
  const [[far]] = await Promise.all([accepted, once(near, 'connect')]);
  server.close();
  for (const socket of [near, far]) socket.on('error', () => {});
  return [near, far];
}

/** A port that can be plugged again and again: both ends get a new pair each time. */
function createPort<Near extends Http2Session, Far extends Http2Session>(
  openNear: (socket: Duplex) => Near,
  openFar: (socket: Duplex) => Far,
) {
  const near = createSource(openNear);
  const far = createSource(openFar);
  return {
    near: near.source,
    far: far.source,
    plugFar: far.plug,
    async plug(): Promise<readonly [Socket, Socket]> {
      const [a, b] = await socketPair();
      near.plug(a);
      far.plug(b);
      return [a, b];
    },
  };
}

function createSource<Session extends Http2Session>(open: (socket: Duplex) => Session) {
  let onUp: ((session: Session) => void) | undefined;
  const sessions = new Set<Session>();
  const source: SessionSource<Session> = async (events, signal) => {
    onUp = events.onUp;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    for (const session of sessions) session.destroy();
  };
  const plug = (socket: Duplex) => {
    const session = open(socket);
    sessions.add(session);
    onUp?.(session);
  };
  return { source, plug };
}

export type LinkOptions = Pick<SessionLinkOptions, 'connectTimeoutMs' | 'streamsMax'>;

/** Two links that are each other's other side. `plug` replaces the sessions; `socket` and `farSocket` are the two ends of the one from host to guest. */
export async function linkPair(options: LinkOptions = {}) {
  const hostToGuest = createPort(
    (socket) => openClientSession(socket, 'wide'),
    (socket) => openServerSession(socket, 'narrow'),
  );
  const guestToHost = createPort(
    (socket) => openClientSession(socket, 'narrow'),
    (socket) => openServerSession(socket, 'wide'),
  );
  const host = new SessionLink({ outgoing: hostToGuest.near, incoming: guestToHost.far, ...options });
  const guest = new SessionLink({ outgoing: guestToHost.near, incoming: hostToGuest.far, ...options });
  const plug = async () => {
    await guestToHost.plug();
    sockets = await hostToGuest.plug();
  };
  let sockets: readonly [Socket, Socket];
  await plug();
  const [socket, farSocket] = [() => sockets[0], () => sockets[1]];
  const dispose = async () => {
    await Promise.all([host[Symbol.asyncDispose](), guest[Symbol.asyncDispose]()]);
  };
  /** The host's end of a session with `guest` that speaks for itself. */
  const strangerSocket = async () => {
    const [near, far] = await socketPair();
    hostToGuest.plugFar(far);
    return near;
  };
  return { host, guest, plug, socket, farSocket, strangerSocket, [Symbol.asyncDispose]: dispose };
}
