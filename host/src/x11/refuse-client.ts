import type { Duplex } from 'node:stream';
import { type Conversation, setupFailure } from '@muvm/x11';

/** A client that has not gone by then is cut off, with what it has not read. */
const LEAVE_TIMEOUT_MS = 60_000;

/** Ends a client that has no answer yet with a sentence that it shows its user. OWNERSHIP: takes the stream. */
export function refuseClient(stream: Duplex, { byteOrder }: Conversation, reason: string): void {
  const timer = setTimeout(() => stream.destroy(), LEAVE_TIMEOUT_MS);
  stream.once('close', () => clearTimeout(timer));
  stream.resume().end(setupFailure(reason, byteOrder));
}
