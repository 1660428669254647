import { type ServerFacts, ServerProbe } from '@muvm/x11';
import { connectToServer, type X11Server } from './server-address.ts';

/**
 * Asks an X server for extensions over a connection of its own, as what a client is told of them is nothing to rely on: it
 * may be made to look like something else.
 *
 * @param setup what to introduce oneself with
 * @throws a system error where nobody answers
 */
export async function askServer(
  server: X11Server,
  setup: Buffer,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ServerFacts> {
  const probe = new ServerProbe(setup, names);
  const socket = await connectToServer(server, signal);
  const giveUp = () => socket.destroy(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    socket.write(probe.request);
    for await (const chunk of socket) {
      const facts = probe.feed(chunk as Buffer);
      if (facts) return facts;
    }
    throw new Error('the server closed the connection');
  } finally {
    signal.removeEventListener('abort', giveUp);
    socket.destroy();
  }
}
