import type { Link } from '@muvm/link';
import { LINK_PORTS } from '@muvm/protocol/contract';

/** Answers on the echo port of a link, for as long as the link lives. */
export function serveEcho(link: Link): void {
  link.listen(LINK_PORTS.echo, (stream) => stream.pipe(stream));
}
