/** The messages that set up a card, as rtnetlink(7) and linux/rtnetlink.h have them, in the byte order of x86-64 and aarch64. */

// struct nlmsghdr: 0 u32 length · 4 u16 type · 6 u16 flags · 8 u32 sequence · 12 u32 port
const HEADER_BYTES = 16;
// struct rtattr: 0 u16 length · 2 u16 type, then the value; each begins at a multiple of 4.
const ATTRIBUTE_HEADER_BYTES = 4;
const ALIGNMENT = 4;

const MESSAGE = { newLink: 16, newAddress: 20, newRoute: 24 } as const;
const FLAG = { request: 0x1, acknowledge: 0x4, replace: 0x100, create: 0x400 } as const;

const AF_UNSPEC = 0;
const AF_INET = 2;
const IFF_UP = 1;
const IFLA_MTU = 4;
const IFA = { address: 1, local: 2 } as const;
const RTA = { destination: 1, interface: 4, gateway: 5 } as const;
const RT_TABLE_MAIN = 254;
const RTPROT_DHCP = 16;
const RT_SCOPE = { universe: 0, link: 253 } as const;
const RTN_UNICAST = 1;
/** A gateway is on the link, whether or not an address of the card says so. */
const RTNH_F_ONLINK = 4;

export interface AddressRequest {
  readonly index: number;
  readonly address: string;
  readonly prefixLength: number;
}

export interface RouteRequest {
  readonly index: number;
  readonly destination: string;
  readonly prefixLength: number;
  readonly gateway: string | undefined;
}

export function bringLinkUp(index: number): Buffer {
  return message(MESSAGE.newLink, 0, linkHeader(index, IFF_UP), []);
}

/** @param mtu bytes */
export function setLinkMtu(index: number, mtu: number): Buffer {
  return message(MESSAGE.newLink, 0, linkHeader(index, 0), [[IFLA_MTU, u32(mtu)]]);
}

/** struct ifinfomsg: 0 u8 family · 2 u16 type · 4 i32 index · 8 u32 flags · 12 u32 which of them are meant */
function linkHeader(index: number, flags: number): Buffer {
  return Buffer.concat([Buffer.from([AF_UNSPEC, 0, 0, 0]), u32(index), u32(flags), u32(flags)]);
}

/** struct ifaddrmsg: 0 u8 family · 1 u8 prefix length · 2 u8 flags · 3 u8 scope · 4 u32 index */
export function addAddress({ index, address, prefixLength }: AddressRequest): Buffer {
  const header = Buffer.concat([Buffer.from([AF_INET, prefixLength, 0, RT_SCOPE.universe]), u32(index)]);
  return message(MESSAGE.newAddress, FLAG.create | FLAG.replace, header, [
    [IFA.local, ipv4(address)],
    [IFA.address, ipv4(address)],
  ]);
}

/**
 * struct rtmsg: 0 u8 family · 1 u8 length of the destination · 2 u8 of the source · 3 u8 type of service · 4 u8 table
 * · 5 u8 who set it · 6 u8 scope · 7 u8 type · 8 u32 flags
 */
export function addRoute({ index, destination, prefixLength, gateway }: RouteRequest): Buffer {
  const scope = gateway === undefined ? RT_SCOPE.link : RT_SCOPE.universe;
  const flags = gateway === undefined ? 0 : RTNH_F_ONLINK;
  const header = Buffer.concat([
    Buffer.from([AF_INET, prefixLength, 0, 0, RT_TABLE_MAIN, RTPROT_DHCP, scope, RTN_UNICAST]),
    u32(flags),
  ]);
  return message(MESSAGE.newRoute, FLAG.create | FLAG.replace, header, [
    [RTA.interface, u32(index)],
    ...(prefixLength === 0 ? [] : ([[RTA.destination, ipv4(destination)]] as const)),
    ...(gateway === undefined ? [] : ([[RTA.gateway, ipv4(gateway)]] as const)),
  ]);
}

type Attribute = readonly [type: number, value: Buffer];

function message(type: number, flags: number, header: Buffer, attributes: readonly Attribute[]): Buffer {
  const parts = [Buffer.alloc(HEADER_BYTES), header, ...attributes.flatMap(attribute)];
  const bytes = Buffer.concat(parts);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt16LE(FLAG.request | FLAG.acknowledge | flags, 6);
  return bytes;
}

function attribute([type, value]: Attribute): Buffer[] {
  const header = Buffer.alloc(ATTRIBUTE_HEADER_BYTES);
  header.writeUInt16LE(ATTRIBUTE_HEADER_BYTES + value.length, 0);
  header.writeUInt16LE(type, 2);
  return [header, value, Buffer.alloc((ALIGNMENT - (value.length % ALIGNMENT)) % ALIGNMENT)];
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function ipv4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}
