/**
 * How streams get from one side to the other. `Link` is the only thing both sides know about transport: connections to
 * numbered ports, over virtio-serial (HTTP/2 CONNECT streams) or vsock.
 */
export { connectLinkPort } from './connect-link-port.ts';
export { connectSerialPort } from './connect-serial-port.ts';
export {
  CLIENT_SESSION_OPTIONS,
  SERVER_SESSION_OPTIONS,
  SESSION_STREAMS_MAX,
  SESSION_WINDOW_BYTES,
  type SessionWindow,
  STREAM_WINDOW_BYTES,
  setSessionWindow,
} from './http2-options.ts';
export type { SessionClient, SessionEvents, SessionTiming } from './keep-session.ts';
export { type ConnectOptions, LINK_STREAMS_MAX, type Link, type Listener, type ListenOptions } from './link.ts';
export { ResetBudget } from './reset-budget.ts';
export { createGuestSerialLink, createHostSerialLink, type SerialLinkPaths } from './serial-ports.ts';
export { SessionLink } from './session-link.ts';
export { type KeepAliveOptions, keepAlive, openClientSession, openServerSession, proveSession } from './sessions.ts';
export { splice } from './splice.ts';
export { createGuestStreamLink, createHostStreamLink, type StreamPorts } from './stream-ports.ts';
export { createUnixSocketLink, socketPathOfPort } from './unix-socket-link.ts';
export { createVsockLink, type VsockLinkOptions } from './vsock-link.ts';
export { type WatchSerialPortOptions, watchSerialPort } from './watch-serial-port.ts';
