import type { ClientSessionOptions, Http2Session, ServerOptions } from 'node:http2';

/** What a stream holds that nobody reads: its sender stops there. The 64 KiB of RFC 9113 starve a slow guest. */
export const STREAM_WINDOW_BYTES = 1024 * 1024;

/** How much this side takes at once: what it is sent beyond that waits on the other side. */
export type SessionWindow = 'wide' | 'narrow';

/**
 * What a side takes for all streams of a session together. Only one side may have a wide window: node:http2 reads
 * nothing while a write of its own is blocked, so two sides that may each send more than the pipe between them holds
 * (212,992 bytes in a unix socket) block each other for ever. The guest's is always narrow, so the host always reads.
 *
 * Over vsock the host's is narrow too: what always fits into the socket never makes libkrun wait, and until 1.18.0 its
 * device tells the guest so late of what was taken that a guest which may not send more by then stops for ever.
 */
export const SESSION_WINDOW_BYTES = {
  wide: 4 * 1024 * 1024,
  narrow: 128 * 1024,
} as const satisfies Record<SessionWindow, number>;

/** Streams at the same time in a session, from either side: 4096 commands and some room for status calls. */
export const SESSION_STREAMS_MAX = 5000;

/** A port of virtio-serial hands over 4 KiB at a time anyway; larger frames only save headers. */
const FRAME_BYTES_MAX = 64 * 1024;

/** Node's default of 10 MB refuses streams once a few windows of {@link STREAM_WINDOW_BYTES} are full. */
const SESSION_MEMORY_MB = 64;

const settings = {
  initialWindowSize: STREAM_WINDOW_BYTES,
  maxFrameSize: FRAME_BYTES_MAX,
  maxConcurrentStreams: SESSION_STREAMS_MAX,
};

/** Options for the side that opens streams. */
export const CLIENT_SESSION_OPTIONS = {
  maxSessionMemory: SESSION_MEMORY_MB,
  peerMaxConcurrentStreams: SESSION_STREAMS_MAX,
  settings: { ...settings, enablePush: false },
} as const satisfies ClientSessionOptions;

/** Options for the side that takes streams. */
export const SERVER_SESSION_OPTIONS = {
  maxSessionMemory: SESSION_MEMORY_MB,
  settings,
} as const satisfies ServerOptions;

/** What no option can say: to be called once a session has its socket ('connect' of a client, 'session' of a server). */
export function setSessionWindow(session: Http2Session, window: SessionWindow): void {
  if (!session.destroyed) session.setLocalWindowSize(SESSION_WINDOW_BYTES[window]);
}
