import type { Http2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { connectLinkPort } from './connect-link-port.ts';
import type { SessionTiming } from './keep-session.ts';
import type { Link } from './link.ts';
import { SessionLink, type SessionSource } from './session-link.ts';
import { openClientSession, openServerSession } from './sessions.ts';

/** The port of each direction's session, on both of which the guest listens. */
export interface StreamPorts {
  readonly hostToGuest: number;
  readonly guestToHost: number;
}

/**
 * The host's side of a link whose streams all go over two connections of another link.
 *
 * libkrun's vsock device writes to the host's sockets and waits until they take it: with a connection for each stream,
 * one that nobody reads would hold up all others, the guest's service included. HTTP/2 stops such a stream alone.
 */
export function createHostStreamLink(
  link: Pick<Link, 'connect'>,
  ports: StreamPorts,
  timing: Partial<SessionTiming> = {},
): SessionLink {
  const openClient = (stream: Duplex) => openClientSession(stream, 'narrow');
  const openServer = (stream: Duplex) => openServerSession(stream, 'narrow');
  return new SessionLink({
    outgoing: (events, signal) =>
      connectLinkPort(link, ports.hostToGuest, { establish: openClient, ...events }, signal, timing),
    incoming: (events, signal) =>
      connectLinkPort(link, ports.guestToHost, { establish: openServer, ...events }, signal, timing),
  });
}

/** The guest's side of it. */
export function createGuestStreamLink(link: Pick<Link, 'listen'>, ports: StreamPorts): SessionLink {
  return new SessionLink({
    outgoing: acceptedSessions(link, ports.guestToHost, (stream) => openClientSession(stream, 'narrow')),
    incoming: acceptedSessions(link, ports.hostToGuest, (stream) => openServerSession(stream, 'narrow')),
  });
}

/** Of two connections the later one counts: the host makes it when it has given the earlier one up. */
function acceptedSessions<Session extends Http2Session>(
  link: Pick<Link, 'listen'>,
  port: number,
  establish: (stream: Duplex) => Session,
): SessionSource<Session> {
  return async ({ onUp, onDown }, signal) => {
    let current: Session | undefined;
    const listener = link.listen(port, (stream) => {
      current?.destroy();
      const session = establish(stream);
      current = session;
      session.once('close', () => onDown('the host ended the session'));
      onUp(session);
    });
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    current?.destroy();
    await listener[Symbol.asyncDispose]();
  };
}
