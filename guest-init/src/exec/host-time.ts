import type { IncomingHttpHeaders } from 'node:http2';
import { HOST_TIME_HEADER } from '@muvm/protocol/contract';

// A clock that is this close is left alone: setting it back and forth by what a call takes would help nobody.
const TOLERANCE_MS = 30;

/**
 * Sets the clock by the time that a call brings, before its command reads it: a machine that has just booted knows the
 * time to the second, and files that it writes would seem to come from the past.
 */
export function followHostTime(headers: IncomingHttpHeaders, set: (unixMs: number) => void): void {
  const hostMs = Number(headers[HOST_TIME_HEADER]);
  if (Number.isFinite(hostMs) && hostMs > 0 && Math.abs(hostMs - Date.now()) > TOLERANCE_MS) set(hostMs);
}
