import { randomBytes } from 'node:crypto';

const MAC_BYTES = 6;
// The first byte of an address that is no manufacturer's (IEEE 802: locally administered, of one card).
const LOCAL_MASK = 0xfc;
const LOCAL_BIT = 0x02;

/** A hardware address for a card, made of the bytes of a random source: `xx:xx:xx:xx:xx:xx`. */
export function cardAddress(bytes: Buffer = randomBytes(MAC_BYTES)): string {
  const [first = 0, ...rest] = bytes.subarray(0, MAC_BYTES);
  return [(first & LOCAL_MASK) | LOCAL_BIT, ...rest].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
