/** The message of DHCP, RFC 2131 section 2, and its options one by one, RFC 2132. */

// 0 u8 op · 1 u8 hardware type · 2 u8 hardware address length · 3 u8 hops · 4 u32 transaction · 8 be16 seconds
// · 10 be16 flags · 12 client address · 16 "your" address · 20 server address · 24 relay address
// · 28 client hardware address (16) · 44 server name (64) · 108 boot file (128) · 236 cookie · 240 options
const OP = { request: 1, reply: 2 } as const;
const ETHERNET = 1;
const TRANSACTION_OFFSET = 4;
const FLAGS_OFFSET = 10;
const YOUR_ADDRESS_OFFSET = 16;
const HARDWARE_OFFSET = 28;
const SERVER_NAME_OFFSET = 44;
const FILE_OFFSET = 108;
const COOKIE_OFFSET = 236;
const OPTIONS_OFFSET = 240;
const COOKIE = 0x63825363;
/** "Answer to everyone": we have no address yet that an answer could be sent to. */
const BROADCAST_FLAG = 0x8000;
/** What a BOOTP server takes as a whole message: RFC 1542, section 2.1. */
const REQUEST_BYTES = 300;

export const MAC_BYTES = 6;

/** Numbers of options: RFC 2132; 80: RFC 4039; 119: RFC 3397; 121: RFC 3442. */
export const OPTION = {
  pad: 0,
  subnetMask: 1,
  router: 3,
  nameServers: 6,
  domainName: 15,
  mtu: 26,
  requestedAddress: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverIdentifier: 54,
  parameterList: 55,
  rapidCommit: 80,
  domainSearch: 119,
  classlessRoutes: 121,
  end: 255,
} as const;

export const MESSAGE_TYPE = { discover: 1, offer: 2, request: 3, ack: 5, nak: 6 } as const;

/** Who asks, and in which conversation. */
export interface Client {
  /** The card's address: 6 bytes. */
  readonly mac: Buffer;
  /** A random number of 32 bits. */
  readonly transaction: number;
}

/** Values by the number of their option. */
export type Options = ReadonlyMap<number, Buffer>;

export interface Reply {
  /** One of {@link MESSAGE_TYPE}. */
  readonly type: number;
  /** The address that is offered or given, 4 bytes. */
  readonly address: Buffer;
  readonly options: Options;
}

/** A message from us to all servers. */
export function encodeRequest({ mac, transaction }: Client, options: Options): Buffer {
  const message = Buffer.alloc(REQUEST_BYTES);
  message.set([OP.request, ETHERNET, MAC_BYTES]);
  message.writeUInt32BE(transaction, TRANSACTION_OFFSET);
  message.writeUInt16BE(BROADCAST_FLAG, FLAGS_OFFSET);
  mac.copy(message, HARDWARE_OFFSET, 0, MAC_BYTES);
  message.writeUInt32BE(COOKIE, COOKIE_OFFSET);
  let at = OPTIONS_OFFSET;
  for (const [code, value] of options) {
    message.set([code, value.length, ...value], at);
    at += 2 + value.length;
  }
  message.writeUInt8(OPTION.end, at);
  return message;
}

/** Reads a server's message. Undefined for what is none, or is meant for another client or another conversation. */
export function decodeReply(message: Buffer, { mac, transaction }: Client): Reply | undefined {
  if (message.length < OPTIONS_OFFSET || message.readUInt32BE(COOKIE_OFFSET) !== COOKIE) return undefined;
  if (message[0] !== OP.reply || message[1] !== ETHERNET || message[2] !== MAC_BYTES) return undefined;
  const isOurs =
    message.readUInt32BE(TRANSACTION_OFFSET) === transaction &&
    message.subarray(HARDWARE_OFFSET, HARDWARE_OFFSET + MAC_BYTES).equals(mac);
  const options = isOurs ? decodeOptions(message) : undefined;
  const type = options?.get(OPTION.messageType);
  if (options === undefined || type?.length !== 1) return undefined;
  const address = Buffer.from(message.subarray(YOUR_ADDRESS_OFFSET, YOUR_ADDRESS_OFFSET + 4));
  return { type: type.readUInt8(0), address, options };
}

/** All options of a message, those in the two fields that may be lent to them (option 52) included. */
function decodeOptions(message: Buffer): Options | undefined {
  const options = new Map<number, Buffer>();
  if (!readOptions(message.subarray(OPTIONS_OFFSET), options)) return undefined;
  const overload = options.get(OPTION.overload)?.[0] ?? 0;
  if (overload & 1 && !readOptions(message.subarray(FILE_OFFSET, COOKIE_OFFSET), options)) return undefined;
  if (overload & 2 && !readOptions(message.subarray(SERVER_NAME_OFFSET, FILE_OFFSET), options)) return undefined;
  return options;
}

/** An option that is there more than once is one whose value was cut in pieces: RFC 3396. @returns false for a broken one */
function readOptions(bytes: Buffer, options: Map<number, Buffer>): boolean {
  for (let at = 0; at < bytes.length; ) {
    const code = bytes[at++] ?? OPTION.end;
    if (code === OPTION.end) return true;
    if (code === OPTION.pad) continue;
    const length = bytes[at++];
    if (length === undefined || at + length > bytes.length) return false;
    const earlier = options.get(code) ?? Buffer.alloc(0);
    options.set(code, Buffer.concat([earlier, bytes.subarray(at, at + length)]));
    at += length;
  }
  return true;
}
