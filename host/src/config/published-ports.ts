import { isIP } from 'node:net';
import type { Reading } from './setting.ts';

/** Ports of the host that lead to as many of the guest. */
export interface PublishedPorts {
  readonly protocol: 'tcp' | 'udp';
  /** Of the host, IPv6 without brackets. Undefined: all that it has. */
  readonly address: string | undefined;
  /** The first one. 0: some that are free. */
  readonly hostPort: number;
  /** The first one. */
  readonly guestPort: number;
  readonly count: number;
}

/** All that are published together: each takes a descriptor or two of the process that listens for the guest. */
export const PUBLISHED_PORTS_MAX = 1024;

const PORT_MAX = 65_535;

const WANTED =
  'it must be [[IP:]HOST_PORT:]GUEST_PORT[/tcp|/udp], with ports from 1 to 65535 or ranges of one length such as 8000-8003, and IPv6 in brackets';

/** `[[IP:][HOST_PORT]:]GUEST_PORT[-LAST][/PROTOCOL]`, where the host's is the guest's unless it is given, and 0 any that is free. */
export function readPublishedPorts(text: string): Reading<PublishedPorts> {
  const [, where = '', protocol = 'tcp'] = /^([^/]*)(?:\/(tcp|udp))?$/.exec(text) ?? [];
  const [beforeGuest, guestText] = splitAtLastColon(where);
  const [addressText, hostText] = splitAtLastColon(beforeGuest);
  const guest = readRange(guestText);
  const host =
    hostText === '' ? guest : hostText === '0' ? { first: 0, count: guest?.count ?? 0 } : readRange(hostText);
  const address = readAddress(addressText);
  if (!guest || !host || address === 'none' || guest.count !== host.count) return { wanted: WANTED };
  const { first: guestPort, count } = guest;
  return { value: { protocol: protocol === 'udp' ? 'udp' : 'tcp', address, hostPort: host.first, guestPort, count } };
}

/** The reverse of {@link readPublishedPorts}, with everything in it. */
export function writePublishedPorts({ protocol, address, hostPort, guestPort, count }: PublishedPorts): string {
  const host = address === undefined ? '' : `${writeAddress(address)}:`;
  const hostRange = hostPort === 0 ? '0' : writeRange(hostPort, count);
  return `${host}${hostRange}:${writeRange(guestPort, count)}/${protocol}`;
}

/** `8000`, or `8000-8003`. */
export function writeRange(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`;
}

function writeAddress(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address;
}

function splitAtLastColon(text: string): [before: string, after: string] {
  const at = text.lastIndexOf(':');
  return [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
}

function readAddress(text: string): string | undefined | 'none' {
  if (text === '') return undefined;
  const address = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  // A zone names an interface, which neither passt nor QEMU takes in an address.
  if (isIP(address) === 0 || address.includes('%') || (address !== text && isIP(address) === 4)) return 'none';
  return address;
}

function readRange(text: string): { readonly first: number; readonly count: number } | undefined {
  const [, firstText, lastText = firstText] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const [first, last] = [Number(firstText), Number(lastText)];
  return first >= 1 && last >= first && last <= PORT_MAX ? { first, count: last - first + 1 } : undefined;
}
