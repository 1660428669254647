import type { Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { connectSerialPort } from './connect-serial-port.ts';
import type { SessionTiming } from './keep-session.ts';
import { SessionLink, type SessionSource } from './session-link.ts';
import { openClientSession, openServerSession } from './sessions.ts';
import { watchSerialPort } from './watch-serial-port.ts';

/** Where each direction's port is: chardev sockets on the host, device nodes in the guest. */
export interface SerialLinkPaths {
  readonly hostToGuest: string;
  readonly guestToHost: string;
}

/** The link as the host sees it. It keeps trying until it is disposed of, so it may be made before QEMU runs. */
export function createHostSerialLink(paths: SerialLinkPaths, timing: Partial<SessionTiming> = {}): SessionLink {
  const openClient = (socket: Socket) => openClientSession(socket, 'wide');
  const openServer = (socket: Socket) => openServerSession(socket, 'wide');
  return new SessionLink({
    outgoing: (events, signal) =>
      connectSerialPort(paths.hostToGuest, { establish: openClient, ...events }, signal, timing),
    incoming: (events, signal) =>
      connectSerialPort(paths.guestToHost, { establish: openServer, ...events }, signal, timing),
  });
}

/** The link as the guest sees it. */
export function createGuestSerialLink(paths: SerialLinkPaths): SessionLink {
  return new SessionLink({
    outgoing: watchedSessions(paths.guestToHost, (socket) => openClientSession(socket, 'narrow')),
    incoming: watchedSessions(paths.hostToGuest, (socket) => openServerSession(socket, 'narrow')),
  });
}

// The guest proves nothing: the host does, and hangs up on a session that does not answer.
function watchedSessions<Session extends Http2Session>(
  devicePath: string,
  establish: (socket: Socket) => Session,
): SessionSource<Session> {
  return ({ onUp, onDown }, signal) => {
    const onConnection = (socket: Socket) => {
      const session = establish(socket);
      session.once('close', () => onDown('the host ended the session'));
      onUp(session);
    };
    return watchSerialPort(devicePath, onConnection, signal);
  };
}
