import { type Lease, readLease } from './lease.ts';
import { type Client, decodeReply, encodeRequest, MESSAGE_TYPE, OPTION, type Options, type Reply } from './message.ts';
import { unwrapUdp, wrapBroadcast } from './udp.ts';

/** IPv4 packets of one network card. */
export interface PacketLink {
  broadcast(packet: Buffer): void;
  /** The next packet. Undefined where none came in time. */
  receive(timeoutMs: number): Buffer | undefined;
}

export interface ExchangeOptions {
  readonly link: PacketLink;
  readonly client: Client;
  /** After this long there is no lease. */
  readonly timeoutMs: number;
  /** A clock, in milliseconds. Default: the process's. */
  readonly nowMs?: () => number;
}

const SERVER_PORT = 67;
const CLIENT_PORT = 68;

// The server is a program of the host, not a network away: it answers within a millisecond, or it has not started yet.
const FIRST_WAIT_MS = 40;

const WANTED = [
  OPTION.subnetMask,
  OPTION.router,
  OPTION.nameServers,
  OPTION.domainName,
  OPTION.mtu,
  OPTION.leaseTime,
  OPTION.domainSearch,
  OPTION.classlessRoutes,
];

type Wait = (isWanted: (reply: Reply) => boolean, endMs: number) => Reply | undefined;

/**
 * Asks for an address until it is given, by RFC 2131: DISCOVER, OFFER, REQUEST, ACK; with a server that knows how
 * (RFC 4039), DISCOVER and ACK. A question without an answer is asked again, after twice the time. Blocks the thread.
 *
 * @returns undefined where no server gave one in time
 */
export function obtainLease({
  link,
  client,
  timeoutMs,
  nowMs = () => performance.now(),
}: ExchangeOptions): Lease | undefined {
  const deadlineMs = nowMs() + timeoutMs;
  const ask = (options: Options) => link.broadcast(wrapBroadcast(TO_SERVER, encodeRequest(client, options)));
  const wait: Wait = (isWanted, endMs) => {
    for (let leftMs = endMs - nowMs(); leftMs > 0; leftMs = endMs - nowMs()) {
      const reply = readReply(link.receive(leftMs), client);
      if (reply && isWanted(reply)) return reply;
    }
    return undefined;
  };
  for (let waitMs = FIRST_WAIT_MS; nowMs() < deadlineMs; waitMs *= 2) {
    const lease = attempt(ask, wait, () => Math.min(deadlineMs, nowMs() + waitMs));
    if (lease) return lease;
  }
  return undefined;
}

const TO_SERVER = { sourcePort: CLIENT_PORT, destinationPort: SERVER_PORT };
const FROM_SERVER = { sourcePort: SERVER_PORT, destinationPort: CLIENT_PORT };

/** One conversation, with an end for each wait. */
function attempt(ask: (options: Options) => void, wait: Wait, endMs: () => number): Lease | undefined {
  ask(discover());
  const first = wait(({ type }) => type === MESSAGE_TYPE.offer || type === MESSAGE_TYPE.ack, endMs());
  if (first === undefined || first.type === MESSAGE_TYPE.ack) return first && readLease(first);
  ask(request(first));
  const second = wait(({ type }) => type === MESSAGE_TYPE.ack || type === MESSAGE_TYPE.nak, endMs());
  return second?.type === MESSAGE_TYPE.ack ? readLease(second) : undefined;
}

function readReply(packet: Buffer | undefined, client: Client): Reply | undefined {
  const message = packet && unwrapUdp(packet, FROM_SERVER);
  return message && decodeReply(message, client);
}

function discover(): Options {
  return new Map([
    [OPTION.messageType, Buffer.from([MESSAGE_TYPE.discover])],
    [OPTION.rapidCommit, Buffer.alloc(0)],
    [OPTION.parameterList, Buffer.from(WANTED)],
  ]);
}

/** Takes an offer. Servers that have made another see by the identifier that theirs is not wanted. */
function request({ address, options }: Reply): Options {
  const server = options.get(OPTION.serverIdentifier);
  return new Map([
    [OPTION.messageType, Buffer.from([MESSAGE_TYPE.request])],
    [OPTION.requestedAddress, address],
    ...(server?.length === 4 ? ([[OPTION.serverIdentifier, server]] as const) : []),
    [OPTION.parameterList, Buffer.from(WANTED)],
  ]);
}
