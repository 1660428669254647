/** The two layers below DHCP, as RFC 791 and RFC 768 have them: only what a client without an address needs. */

// IPv4: 0 u8 version and header length in words · 2 be16 total length · 6 be16 fragment · 8 u8 time to live
// · 9 u8 protocol · 10 be16 checksum · 12 source · 16 destination
const IP_HEADER_BYTES = 20;
const VERSION_4 = 4;
const WORD_BYTES = 4;
const PROTOCOL_UDP = 17;
const TIME_TO_LIVE = 64;
/** "More fragments", and the offset of one. */
const FRAGMENT_MASK = 0x3fff;
// UDP: 0 be16 source port · 2 be16 destination port · 4 be16 length · 6 be16 checksum
const UDP_HEADER_BYTES = 8;

export interface UdpPorts {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** An IPv4 packet from nobody (0.0.0.0) to everyone (255.255.255.255). */
export function wrapBroadcast({ sourcePort, destinationPort }: UdpPorts, payload: Buffer): Buffer {
  const packet = Buffer.alloc(IP_HEADER_BYTES + UDP_HEADER_BYTES + payload.length);
  packet.writeUInt8((VERSION_4 << 4) | (IP_HEADER_BYTES / WORD_BYTES), 0);
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt8(TIME_TO_LIVE, 8);
  packet.writeUInt8(PROTOCOL_UDP, 9);
  packet.fill(0xff, 16, IP_HEADER_BYTES);
  packet.writeUInt16BE(internetChecksum(packet.subarray(0, IP_HEADER_BYTES)), 10);
  packet.writeUInt16BE(sourcePort, IP_HEADER_BYTES);
  packet.writeUInt16BE(destinationPort, IP_HEADER_BYTES + 2);
  // The UDP checksum is left at 0: none. The "wire" is a socket.
  packet.writeUInt16BE(UDP_HEADER_BYTES + payload.length, IP_HEADER_BYTES + 4);
  payload.copy(packet, IP_HEADER_BYTES + UDP_HEADER_BYTES);
  return packet;
}

/**
 * What a whole UDP packet between these ports carries. Undefined for any other packet. Checksums are not looked at: a
 * virtual card hands packets over with their checksum still to be made.
 */
export function unwrapUdp(packet: Buffer, { sourcePort, destinationPort }: UdpPorts): Buffer | undefined {
  const datagram = unwrapIp(packet);
  if (datagram === undefined || datagram.length < UDP_HEADER_BYTES) return undefined;
  if (datagram.readUInt16BE(0) !== sourcePort || datagram.readUInt16BE(2) !== destinationPort) return undefined;
  const length = datagram.readUInt16BE(4);
  if (length < UDP_HEADER_BYTES || length > datagram.length) return undefined;
  return datagram.subarray(UDP_HEADER_BYTES, length);
}

function unwrapIp(packet: Buffer): Buffer | undefined {
  if (packet.length < IP_HEADER_BYTES) return undefined;
  const first = packet.readUInt8(0);
  const headerBytes = (first & 0xf) * WORD_BYTES;
  const totalBytes = packet.readUInt16BE(2);
  const isWhole = headerBytes >= IP_HEADER_BYTES && totalBytes >= headerBytes && totalBytes <= packet.length;
  if (first >> 4 !== VERSION_4 || !isWhole) return undefined;
  if (packet.readUInt8(9) !== PROTOCOL_UDP || (packet.readUInt16BE(6) & FRAGMENT_MASK) !== 0) return undefined;
  return packet.subarray(headerBytes, totalBytes);
}

/** The checksum of RFC 1071, of an even number of bytes. */
export function internetChecksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
