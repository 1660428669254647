import type { Socket } from 'node:net';
import { MuvmError } from '@muvm/errors';
import { Deferred, deadline } from '@muvm/lifetime';
import { abortable } from './abortable.ts';
import type { ConnectOptions } from './link.ts';
import { refused } from './refusal.ts';

/**
 * The first byte of every accepted connection, from the one who accepts (ACK of ASCII). libkrun takes a connection
 * before it knows whether anybody listens on the port and only then drops it, so that a connect tells nothing; this
 * byte does. It is never part of the stream.
 */
const GREETING = 0x06;

/** The accepting side's part, before anything else is written. */
export function greet(socket: Socket): void {
  socket.write(Buffer.of(GREETING));
}

export interface GreetingOptions extends ConnectOptions {
  readonly timeoutMs: number;
}

/**
 * The connecting side's part. The socket is destroyed where it throws.
 *
 * @throws MuvmError REFUSED where the connection ends first, TIMED_OUT, PROTOCOL
 */
export async function awaitGreeting(
  socket: Socket,
  port: number,
  { signal, timeoutMs }: GreetingOptions,
): Promise<void> {
  try {
    await deadline(abortable(greetingOf(socket, port), signal), timeoutMs, {
      what: `Port ${port} of the other side did not answer`,
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function greetingOf(socket: Socket, port: number): Promise<void> {
  const greeting = new Deferred<number>();
  const onReadable = () => {
    const byte: Buffer | null = socket.read(1);
    if (byte) greeting.resolve(byte.readUInt8(0));
  };
  const onEnd = () => greeting.reject(refused(port, 'nobody listens there'));
  socket.on('readable', onReadable).once('end', onEnd).once('close', onEnd);
  try {
    if ((await greeting.promise) === GREETING) return;
  } finally {
    socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd);
  }
  throw new MuvmError('PROTOCOL', `Cannot connect to port ${port} as what listens there does not greet`);
}
