import { isIP } from 'node:net';
import type { PublishedPorts } from '../../config/published-ports.ts';
import { passtMissing } from '../../network/index.ts';

/**
 * QEMU's own network, as the value of `-netdev`: the ports of the host it listens on too.
 *
 * Source: qemu(1), "-netdev user,hostfwd=".
 */
export function userNetwork(ports: readonly PublishedPorts[]): string {
  // Its own IPv6 leads nowhere on most hosts, and programs would try it first.
  return ['user,id=network,ipv6=off', ...ports.flatMap(forward)].join(',');
}

/** @throws MuvmError MISSING_PART where the ports are those of an IPv6 address */
export function requireUserNetworkTakes(ports: readonly PublishedPorts[]): void {
  const address = ports.map((each) => each.address ?? '').find((each) => isIP(each) === 6);
  if (address !== undefined) throw passtMissing(`publish ports on the IPv6 address "${address}"`);
}

function forward({ protocol, address = '', hostPort, guestPort, count }: PublishedPorts): string[] {
  return Array.from(
    { length: count },
    (_, index) => `hostfwd=${protocol}:${address}:${hostPort + index}-:${guestPort + index}`,
  );
}
