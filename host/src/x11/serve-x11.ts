import type { Link, Listener } from '@muvm/link';
import { LINK_PORTS } from '@muvm/protocol/contract';
import { joinClient } from './join-client.ts';
import type { X11Server } from './server-address.ts';

/**
 * Takes the X11 clients of a guest. Disposal takes no more of them.
 *
 * @param onProblem told of each client that ended in another way than by itself
 */
export function serveX11(link: Link, server: X11Server, onProblem: (sentence: string) => void): Listener {
  return link.listen(LINK_PORTS.x11, (stream) => {
    void joinClient(stream, server, (reason) => onProblem(`X11 client of the guest ended: ${reason}`));
  });
}
