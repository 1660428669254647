import type { Duplex } from 'node:stream';

export interface ConnectOptions {
  /** Ends the attempt; a stream that is already open is not touched. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The end of one direction leaves the other one open. Only for a {@link SessionLink}: a connection of vsock always ends
   * as a whole.
   */
  readonly allowHalfOpen?: boolean | undefined;
}

export type ListenOptions = Pick<ConnectOptions, 'allowHalfOpen'>;

/** A port that is being listened on. Disposal frees the port and leaves the open streams alone. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
}

/**
 * Streams to and from the numbered ports of the other side: the only thing that host and guest know about transport.
 *
 * A stream ends as a whole, unless both sides ask for another way: once one side has ended it, the other side's end follows, and what that side had written
 * until then still arrives. A stream that is destroyed before its end gives an error on the other side. Streams carry
 * an `error` listener already, so that no peer can crash a process by resetting one.
 */
export interface Link extends AsyncDisposable {
  /**
   * Opens a stream to a port of the other side.
   *
   * @throws MuvmError REFUSED, at once, where nobody listens there; TIMED_OUT where the other side does not answer
   */
  connect(port: number, options?: ConnectOptions): Promise<Duplex>;

  /**
   * Takes the streams to a port of this side.
   *
   * @throws MuvmError where the port or its address is taken
   */
  listen(port: number, onConnection: (stream: Duplex) => void, options?: ListenOptions): Listener;
}

/** Streams at the same time, for each direction of a link. */
export const LINK_STREAMS_MAX = 4096;

/** VMADDR_PORT_ANY (linux/vm_sockets.h) is no port; the ports of every kind of link are those of vsock. */
const PORT_MAX = 2 ** 32 - 2;

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= PORT_MAX;
}

/** @throws RangeError for what is no port */
export function assertPort(port: number): void {
  if (!isPort(port)) throw new RangeError(`Cannot use ${port} as a port as it must be from 1 to ${PORT_MAX}`);
}
