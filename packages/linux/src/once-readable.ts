import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { replaceDescriptor } from './descriptor.ts';
import { createSocketPair } from './socket-pair.ts';

/**
 * Calls once, when somebody waits to be let in at a socket that listens and that Node does not know. Nobody is let in by this:
 * whoever then has the socket does that.
 *
 * @param listener stays open. OWNERSHIP: the caller's
 */
export function onceReadable(listener: number, call: () => void): void {
  const [kept, spare] = createSocketPair();
  const socket = new Socket({ fd: kept, readable: true, writable: false });
  replaceDescriptor(listener, kept);
  closeSync(spare);
  // A socket that listens cannot be read from: that Node tries is what tells that there is something.
  socket.once('error', call);
  socket.resume();
}
