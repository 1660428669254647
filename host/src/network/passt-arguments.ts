import { type PublishedPorts, writeRange } from '../config/published-ports.ts';

/**
 * The arguments of passt, without its name. What the user adds comes last.
 *
 * @param fd of the socket that leads to the guest's card
 */
export function passtArguments(fd: number, ports: readonly PublishedPorts[], added: readonly string[]): string[] {
  return ['--foreground', '--quiet', '--fd', `${fd}`, ...ports.flatMap(forward), ...added];
}

/** passt(1), `--tcp-ports`: the address comes before a slash, an IPv6 one without brackets. */
function forward({ protocol, address, hostPort, guestPort, count }: PublishedPorts): string[] {
  const option = protocol === 'udp' ? '--udp-ports' : '--tcp-ports';
  const where = address === undefined ? '' : `${address}/`;
  return [option, `${where}${writeRange(hostPort, count)}:${writeRange(guestPort, count)}`];
}
