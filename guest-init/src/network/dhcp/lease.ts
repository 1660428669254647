import { decodeDomainSearch, isDomainName } from './domain-search.ts';
import { OPTION, type Options, type Reply } from './message.ts';

export interface LeaseRoute {
  /** Such as `10.0.0.0`. */
  readonly destination: string;
  readonly prefixLength: number;
  /** Undefined: the destination is on the link itself. */
  readonly gateway: string | undefined;
}

/** What a server gave, in the words of the rest of the agent. */
export interface Lease {
  readonly address: string;
  readonly prefixLength: number;
  readonly routes: readonly LeaseRoute[];
  readonly nameServers: readonly string[];
  readonly searchDomains: readonly string[];
  /** Bytes. Undefined: what the card has. */
  readonly mtu: number | undefined;
}

// What is beyond these is left out.
const NAME_SERVERS_MAX = 8;
const ROUTES_MAX = 64;

const ADDRESS_BYTES = 4;
const ADDRESS_BITS = 32;
/** What every host must take: RFC 791. */
const MTU_MIN = 576;

/** Reads a lease out of a server's answer. Undefined where the address is none that a host can have. */
export function readLease({ address, options }: Reply): Lease | undefined {
  if (!isHostAddress(address)) return undefined;
  const prefixLength = maskLength(options.get(OPTION.subnetMask)) ?? classLength(address);
  return {
    address: dotted(address),
    prefixLength,
    routes: readRoutes(options),
    nameServers: addresses(options.get(OPTION.nameServers))
      .filter(isHostAddress)
      .slice(0, NAME_SERVERS_MAX)
      .map(dotted),
    searchDomains: readSearchDomains(options),
    mtu: readMtu(options.get(OPTION.mtu)),
  };
}

/** Where there are classless routes, the router does not count: RFC 3442. */
function readRoutes(options: Options): readonly LeaseRoute[] {
  const classless = options.get(OPTION.classlessRoutes);
  if (classless !== undefined) return decodeClasslessRoutes(classless);
  const router = addresses(options.get(OPTION.router)).find(isHostAddress);
  return router ? [{ destination: '0.0.0.0', prefixLength: 0, gateway: dotted(router) }] : [];
}

/** Option 121: for each route the length of its prefix, as many bytes of it as that takes, and the router. */
function decodeClasslessRoutes(bytes: Buffer): LeaseRoute[] {
  const routes: LeaseRoute[] = [];
  for (let at = 0; at < bytes.length && routes.length < ROUTES_MAX; ) {
    const prefixLength = bytes[at++] ?? 0;
    const significant = Math.ceil(prefixLength / 8);
    const next = at + significant + ADDRESS_BYTES;
    if (prefixLength > ADDRESS_BITS || next > bytes.length) break;
    const destination = Buffer.alloc(ADDRESS_BYTES);
    bytes.copy(destination, 0, at, at + significant);
    const gateway = bytes.subarray(at + significant, next);
    // Bits behind the prefix must not be there, and the kernel refuses a route that has any.
    destination.writeUInt32BE((destination.readUInt32BE(0) & maskOf(prefixLength)) >>> 0);
    const isOnLink = gateway.readUInt32BE(0) === 0;
    if (isOnLink || isHostAddress(gateway)) {
      routes.push({ destination: dotted(destination), prefixLength, gateway: isOnLink ? undefined : dotted(gateway) });
    }
    at = next;
  }
  return routes;
}

function readSearchDomains(options: Options): readonly string[] {
  const listed = options.get(OPTION.domainSearch);
  if (listed !== undefined) return decodeDomainSearch(listed);
  const text = options.get(OPTION.domainName)?.toString('latin1').replace(/\0+$/, '') ?? '';
  return isDomainName(text) ? [text] : [];
}

function readMtu(value: Buffer | undefined): number | undefined {
  const mtu = value?.length === 2 ? value.readUInt16BE(0) : 0;
  return mtu >= MTU_MIN ? mtu : undefined;
}

/** Undefined where the bits of the mask are not in one piece. */
function maskLength(mask: Buffer | undefined): number | undefined {
  if (mask?.length !== ADDRESS_BYTES) return undefined;
  const length = Math.clz32(~mask.readUInt32BE(0));
  return mask.readUInt32BE(0) === maskOf(length) ? length : undefined;
}

/** What an address without a mask had, before there were masks: RFC 791. */
function classLength(address: Buffer): number {
  const first = address[0] ?? 0;
  if (first < 128) return 8;
  return first < 192 ? 16 : 24;
}

function maskOf(length: number): number {
  return length === 0 ? 0 : (~0 << (ADDRESS_BITS - length)) >>> 0;
}

/** Neither of no network, nor loopback, nor a group, nor reserved: RFC 1122, section 3.2.1.3. */
function isHostAddress(address: Buffer): boolean {
  const first = address[0] ?? 0;
  return first > 0 && first !== 127 && first < 224;
}

function addresses(bytes: Buffer = Buffer.alloc(0)): Buffer[] {
  const count = Math.floor(bytes.length / ADDRESS_BYTES);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(ADDRESS_BYTES * index, ADDRESS_BYTES * (index + 1)),
  );
}

function dotted(address: Buffer): string {
  return address.join('.');
}
