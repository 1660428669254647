import { chmodSync, writeFileSync } from 'node:fs';
import { reasonOf } from '@muvm/errors';
import { coverFile } from '@muvm/linux';
import type { Lease } from './dhcp/index.ts';

// What the C library looks at: MAXNS of resolv.h.
const NAME_SERVERS_MAX = 3;

const OWN = '/run/resolv.conf';
const TARGET = '/etc/resolv.conf';

/** The text of a resolv.conf(5). */
export function renderResolvConf({ nameServers, searchDomains }: Pick<Lease, 'nameServers' | 'searchDomains'>): string {
  return [
    "# The guest's own. The host's is untouched.",
    ...(searchDomains.length === 0 ? [] : [`search ${searchDomains.join(' ')}`]),
    ...nameServers.slice(0, NAME_SERVERS_MAX).map((server) => `nameserver ${server}`),
    '',
  ].join('\n');
}

/**
 * Puts a resolv.conf of the guest over the host's, which is often a link into the host's /run, that the guest has not, or
 * names a server that listens on the host's loopback.
 *
 * @returns why there is none
 */
export function placeResolvConf(lease: Lease): string | undefined {
  if (lease.nameServers.length === 0) return 'no server of names was given';
  writeFileSync(OWN, renderResolvConf(lease));
  chmodSync(OWN, 0o644);
  try {
    coverFile(OWN, TARGET);
    return undefined;
  } catch (error) {
    return `"${TARGET}" cannot be covered: ${reasonOf(error)}`;
  }
}
