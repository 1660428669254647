import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { PacketSocket, RouteSocket } from '@muvm/linux';
import { type Card, findCard } from './card.ts';
import { type Lease, obtainLease } from './dhcp/index.ts';
import { placeResolvConf } from './resolv-conf.ts';
import { addAddress, addRoute, bringLinkUp, setLinkMtu } from './rtnetlink.ts';

/** The server is a program of the host that started with the machine. Where it answers at all, it takes a few ms. */
const LEASE_TIMEOUT_MS = 1000;

/**
 * Boot step: brings the card up with what the other end of it offers, IPv4 by DHCP and IPv6 by the kernel's own
 * autoconfiguration (RFC 4862).
 *
 * @returns why there is no network, or no part of it
 */
export function configureNetwork(): string | undefined {
  allowPing();
  const card = findCard();
  if (card === undefined) return 'there is no network card';
  prepareIpv6(card);
  using routes = new RouteSocket();
  routes.request(`${card.name} up`, bringLinkUp(card.index));
  const lease = askForLease(card);
  if (lease === undefined) return `no server gave an IPv4 address within ${LEASE_TIMEOUT_MS} ms`;
  applyLease(routes, card, lease);
  return placeResolvConf(lease);
}

/** ping(8) of a user, without a program that has root's rights: icmp(7), `ping_group_range`. */
function allowPing(): void {
  writeSetting('ipv4/ping_group_range', '0 2147483647');
}

/**
 * Nobody else is on this link, so no address is tried out before it is used (RFC 4862, section 5.4), which takes the kernel
 * a second or two, and the router is asked at once.
 */
function prepareIpv6({ name }: Card): void {
  writeSetting(`ipv6/conf/${name}/accept_dad`, '0');
  writeSetting(`ipv6/conf/${name}/router_solicitation_delay`, '0');
  writeSetting(`ipv6/conf/${name}/accept_ra`, '1');
}

/** A kernel without IPv6 has not got its settings. */
function writeSetting(name: string, value: string): void {
  const path = `/proc/sys/net/${name}`;
  if (existsSync(path)) writeFileSync(path, value);
}

function askForLease({ index, mac }: Card): Lease | undefined {
  using link = new PacketSocket(index);
  return obtainLease({
    link,
    client: { mac, transaction: randomBytes(4).readUInt32BE() },
    timeoutMs: LEASE_TIMEOUT_MS,
  });
}

function applyLease(socket: RouteSocket, { name, index }: Card, lease: Lease): void {
  const { address, prefixLength, routes, mtu } = lease;
  if (mtu !== undefined) socket.request(`MTU ${mtu} of ${name}`, setLinkMtu(index, mtu));
  socket.request(`address ${address}/${prefixLength} of ${name}`, addAddress({ index, address, prefixLength }));
  // What others need in order to be reached is on the link.
  for (const route of routes.toSorted((a, b) => Number(a.gateway !== undefined) - Number(b.gateway !== undefined))) {
    socket.request(`route to ${route.destination}/${route.prefixLength}`, addRoute({ index, ...route }));
  }
}
