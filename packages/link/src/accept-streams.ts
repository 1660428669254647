import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { isPort, LINK_STREAMS_MAX, type ListenOptions } from './link.ts';
import { REASON_HEADER, type Reason, statusOf } from './refusal.ts';
import { makeWhole } from './whole-stream.ts';

export type OnConnection = (stream: Duplex) => void;

/** What listens on a port. */
export interface PortListener extends ListenOptions {
  readonly onConnection: OnConnection;
}

export interface AcceptOptions {
  readonly listeners: ReadonlyMap<number, PortListener>;
  readonly streamsMax?: number | undefined;
}

// What `dial` writes. The host part names no machine: a link has one other side.
const AUTHORITY = /^muvm:([1-9]\d{0,9})$/;

/** Answers the CONNECT requests of one session: 200 and the stream goes to its listener, or a refusal with its reason. */
export function acceptStreams(
  session: ServerHttp2Session,
  { listeners, streamsMax = LINK_STREAMS_MAX }: AcceptOptions,
): void {
  let open = 0;
  session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const port = portOf(headers);
    const listener = listeners.get(port ?? 0);
    // Only what a client sends counts towards nghttp2's limit on resets, so a server sends its own at once.
    makeWhole(stream, { spendReset: (reset) => reset(), allowHalfOpen: listener?.allowHalfOpen });
    if (headers[':method'] !== 'CONNECT') return refuse(stream, 'not-connect');
    if (port === undefined) return refuse(stream, 'bad-port');
    if (listener === undefined) return refuse(stream, 'nobody-listens');
    if (open >= streamsMax) return refuse(stream, 'too-many-streams');
    open += 1;
    stream.once('close', () => {
      open -= 1;
    });
    stream.respond({ ':status': 200 });
    listener.onConnection(stream);
  });
}

function portOf(headers: IncomingHttpHeaders): number | undefined {
  const digits = AUTHORITY.exec(headers[':authority'] ?? '')?.[1];
  return digits !== undefined && isPort(Number(digits)) ? Number(digits) : undefined;
}

function refuse(stream: ServerHttp2Stream, reason: Reason): void {
  stream.respond({ ':status': statusOf(reason), [REASON_HEADER]: reason }, { endStream: true });
  stream.close();
}
