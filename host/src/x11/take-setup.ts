import type { Duplex } from 'node:stream';
import { isMuvmError } from '@muvm/errors';
import type { RequestFilter } from '@muvm/x11';

/** As long as X servers themselves bear with a client that says nothing. */
const SETUP_TIMEOUT_MS = 60_000;

/**
 * Takes the first message of a client.
 *
 * @returns it and what came after it; undefined where the client goes away first, or says nothing for long: then the stream is
 *   destroyed
 * @throws MuvmError PROTOCOL
 */
export async function takeSetup(
  stream: Duplex,
  requests: RequestFilter,
  timeoutMs = SETUP_TIMEOUT_MS,
): Promise<ReturnType<RequestFilter['takeSetup']>> {
  const timer = setTimeout(() => stream.destroy(), timeoutMs);
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      const first = requests.takeSetup(chunk as Buffer);
      if (first) return first;
    }
  } catch (error) {
    if (isMuvmError(error)) throw error;
  } finally {
    clearTimeout(timer);
  }
  stream.destroy();
  return undefined;
}
