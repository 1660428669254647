import type { Http2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { isMuvmError } from '@muvm/errors';
import { delay } from '@muvm/lifetime';
import { keepSession, type SessionClient, type SessionTiming } from './keep-session.ts';
import type { Link } from './link.ts';

// A guest that boots slowly has few cycles to spare, so each attempt waits a tenth of the time that has passed.
const RETRY_MS = { min: 20, max: 500, share: 0.1 };

// The other side sees the end of a connection at once.
const PAUSE_MS = 20;

/**
 * Keeps one proven HTTP/2 session to a port of the other side's, which may begin to listen at any time later. The promise
 * ends with the signal.
 */
export function connectLinkPort<Session extends Http2Session>(
  link: Pick<Link, 'connect'>,
  port: number,
  client: SessionClient<Session>,
  signal: AbortSignal,
  timing: Partial<SessionTiming> = {},
): Promise<void> {
  return keepSession((until) => connectPort(link, port, until), client, signal, { pauseMs: PAUSE_MS, ...timing });
}

async function connectPort(
  link: Pick<Link, 'connect'>,
  port: number,
  signal: AbortSignal,
): Promise<Duplex | undefined> {
  const startedMs = performance.now();
  while (!signal.aborted) {
    try {
      return await link.connect(port, { signal });
    } catch (error) {
      if (signal.aborted) return undefined;
      const mayPass = isMuvmError(error) && (error.code === 'REFUSED' || error.code === 'TIMED_OUT');
      if (!mayPass) throw error;
      await delay(retryDelayMs(performance.now() - startedMs), signal);
    }
  }
  return undefined;
}

function retryDelayMs(elapsedMs: number): number {
  return Math.min(Math.max(RETRY_MS.share * elapsedMs, RETRY_MS.min), RETRY_MS.max);
}
