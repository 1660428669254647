import type { Duplex } from 'node:stream';
import { type Conversation, setupFailure } from '@muvm/x11';

/** How long a client that was refused may take to go away. */
const LEAVE_TIMEOUT_MS = 5000;

/** Ends a client that has no answer yet with a sentence that it shows its user. OWNERSHIP: takes the stream. */
export function refuseClient(stream: Duplex, { byteOrder }: Conversation, reason: string): void {
  const timer = setTimeout(() => stream.destroy(), LEAVE_TIMEOUT_MS);
  stream.once('close', () => clearTimeout(timer));
  stream.resume().end(setupFailure(reason, byteOrder));
}
