import { describe, expect, test } from '@jest/globals';
import { decodeDomainSearch, isDomainName } from './domain-search.ts';
import { obtainLease, type PacketLink } from './exchange.ts';
import { readLease } from './lease.ts';
import { decodeReply, encodeRequest, MESSAGE_TYPE, OPTION, type Options } from './message.ts';
import { internetChecksum, unwrapUdp, wrapBroadcast } from './udp.ts';

const CLIENT = { mac: Buffer.from([2, 1, 2, 3, 4, 5]), transaction: 0xdead_beef };
const FROM_SERVER = { sourcePort: 67, destinationPort: 68 };
const TO_SERVER = { sourcePort: 68, destinationPort: 67 };

type OptionList = readonly (readonly [number, readonly number[] | string])[];

/** A server's message. The fields of RFC 2131 by their place. */
function serverMessage(options: OptionList, address = [192, 0, 2, 7]): Buffer {
  const head = Buffer.alloc(240);
  head.set([2, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
  head.set(address, 16);
  CLIENT.mac.copy(head, 28);
  head.writeUInt32BE(0x63825363, 236);
  const bytes = options.flatMap(([code, value]) => [code, value.length, ...Buffer.from(value as number[])]);
  return Buffer.concat([head, Buffer.from([...bytes, 255])]);
}

function lease(options: OptionList, address?: number[]) {
  const reply = decodeReply(serverMessage([[53, [5]], ...options], address), CLIENT);
  return reply && readLease(reply);
}

describe('encodeRequest()', () => {
  const message = encodeRequest(CLIENT, new Map([[OPTION.messageType, Buffer.from([1])]]));

  test('is a BOOTP request of 300 bytes from this card, to be answered to everyone', () => {
    expect(message).toHaveLength(300);
    expect([...message.subarray(0, 12)]).toEqual([1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0x80, 0]);
    expect(message.subarray(28, 34).equals(CLIENT.mac)).toBe(true);
  });

  test('ends its options', () => {
    expect([...message.subarray(236, 245)]).toEqual([0x63, 0x82, 0x53, 0x63, 53, 1, 1, 255, 0]);
  });
});

describe('decodeReply()', () => {
  test('refuses what is for another card, another conversation, or no answer', () => {
    const good = serverMessage([[53, [2]]]);
    expect(decodeReply(good, CLIENT)).toMatchObject({ type: MESSAGE_TYPE.offer });
    for (const [offset, what] of [
      [0, 'op'],
      [4, 'transaction'],
      [28, 'card'],
      [236, 'cookie'],
    ] as const) {
      const other = Buffer.from(good);
      other[offset] = (other[offset] ?? 0) ^ 3;
      expect([what, decodeReply(other, CLIENT)]).toEqual([what, undefined]);
    }
  });

  test('refuses an option that is longer than the message, and a message without a type', () => {
    expect(decodeReply(serverMessage([]), CLIENT)).toBeUndefined();
    const cut = serverMessage([[53, [5]]]);
    expect(decodeReply(Buffer.concat([cut.subarray(0, -1), Buffer.from([6, 200, 1, 2])]), CLIENT)).toBeUndefined();
    expect(decodeReply(Buffer.concat([cut.subarray(0, -1), Buffer.from([6])]), CLIENT)).toBeUndefined();
  });

  test('passes over padding, and joins an option that comes in pieces', () => {
    const message = serverMessage([
      [53, [5]],
      [15, 'exam'],
      [15, 'ple.org'],
    ]);
    const padded = Buffer.concat([message.subarray(0, 240), Buffer.from([0, 0]), message.subarray(240)]);
    expect(decodeReply(padded, CLIENT)?.options.get(15)?.toString()).toBe('example.org');
  });

  test('reads the options in the fields that are lent to them', () => {
    const message = serverMessage([
      [53, [5]],
      [52, [3]],
    ]);
    message.set([3, 4, 192, 0, 2, 1, 255], 108);
    message.set([26, 2, 0x05, 0x78, 255], 44);
    const options = decodeReply(message, CLIENT)?.options;
    expect([options?.get(3), options?.get(26)]).toEqual([Buffer.from([192, 0, 2, 1]), Buffer.from([5, 0x78])]);
  });
});

describe('readLease()', () => {
  test('reads address, mask, router, name servers, search domain and MTU', () => {
    const options: OptionList = [
      [1, [255, 255, 255, 0]],
      [3, [192, 0, 2, 1]],
      [6, [192, 0, 2, 3, 198, 51, 100, 4]],
      [15, 'example.org\0'],
      [26, [0xff, 0xf0]],
      [51, [0xff, 0xff, 0xff, 0xff]],
    ];
    expect(lease(options)).toEqual({
      address: '192.0.2.7',
      prefixLength: 24,
      routes: [{ destination: '0.0.0.0', prefixLength: 0, gateway: '192.0.2.1' }],
      nameServers: ['192.0.2.3', '198.51.100.4'],
      searchDomains: ['example.org'],
      mtu: 65_520,
    });
  });

  test('does without all but the address', () => {
    expect(lease([], [10, 0, 0, 2])).toEqual({
      address: '10.0.0.2',
      prefixLength: 8,
      routes: [],
      nameServers: [],
      searchDomains: [],
      mtu: undefined,
    });
  });

  test.each([
    ['255.255.255.255', [255, 255, 255, 255], 32],
    ['0.0.0.0', [0, 0, 0, 0], 0],
    ['255.128.0.0', [255, 128, 0, 0], 9],
    ['with a hole, which counts as none', [255, 0, 255, 0], 24],
    ['of three bytes, which counts as none', [255, 0, 0], 24],
  ])('reads the mask %s', (_, mask, prefixLength) => {
    expect(lease([[1, mask]])).toMatchObject({ prefixLength });
  });

  test.each([[[0, 0, 0, 0]], [[127, 0, 0, 1]], [[224, 0, 0, 1]], [[255, 255, 255, 255]]])(
    'refuses the address %j',
    (address) => {
      expect(lease([], address)).toBeUndefined();
    },
  );

  test('takes classless routes before a router, a gateway of zeros as none, and clears the bits behind a prefix', () => {
    const routes = [24, 10, 1, 2, 192, 0, 2, 9, 12, 172, 0x1f, 0, 0, 0, 0, 0, 192, 0, 2, 1];
    expect(
      lease([
        [3, [192, 0, 2, 1]],
        [121, routes],
      ])?.routes,
    ).toEqual([
      { destination: '10.1.2.0', prefixLength: 24, gateway: '192.0.2.9' },
      { destination: '172.16.0.0', prefixLength: 12, gateway: undefined },
      { destination: '0.0.0.0', prefixLength: 0, gateway: '192.0.2.1' },
    ]);
  });

  test('keeps the classless routes before one that is broken', () => {
    expect(lease([[121, [0, 192, 0, 2, 1, 33, 1, 2, 3, 4, 5, 6, 7, 8, 9]]])?.routes).toHaveLength(1);
    expect(lease([[121, [0, 192, 0, 2, 1, 24, 10]]])?.routes).toHaveLength(1);
  });

  test('puts a cap on every count, and no text of a server becomes a line', () => {
    const many = Array.from({ length: 60 }, (_, index) => [192, 0, 2, index + 1]).flat();
    expect(lease([[6, many]])?.nameServers).toHaveLength(8);
    expect(lease([[15, 'evil\nnameserver 1.2.3.4']])?.searchDomains).toEqual([]);
  });
});

describe('decodeDomainSearch()', () => {
  // The example of RFC 3397, section 3, which cuts the option in two.
  const example = Buffer.from('\x03eng\x05apple\x03com\0\x09marketing\xc0\x04', 'latin1');

  test('reads the example of RFC 3397', () => {
    expect(decodeDomainSearch(example)).toEqual(['eng.apple.com', 'marketing.apple.com']);
  });

  test('ends at what is broken: a cut label, a pointer to itself, forwards or into a circle', () => {
    for (const broken of ['\x05ab', '\xc0', '\xc0\x00', '\x01a\xc0\x05\x00', '\x01a\xc0\x00', '\x80a\0']) {
      expect(decodeDomainSearch(Buffer.from(broken, 'latin1'))).toEqual([]);
    }
  });

  test('ends at a name that pointers make longer than a name may be', () => {
    const label = `\x3f${'a'.repeat(63)}`;
    expect(decodeDomainSearch(Buffer.from(`${label.repeat(4)}\0\x01b\xc0\x00`, 'latin1'))).toEqual([]);
  });

  test('leaves out names that no resolv.conf may hold, and those beyond 16', () => {
    expect(decodeDomainSearch(Buffer.from('\x03a b\0\x01a\0\0\x02-a\0', 'latin1'))).toEqual(['a']);
    expect(decodeDomainSearch(Buffer.from('\x01a\0'.repeat(40), 'latin1'))).toHaveLength(16);
  });

  test('isDomainName() refuses labels that are empty or too long', () => {
    expect(['a..b', '.a', 'a.', '', `${'a'.repeat(64)}.b`].map(isDomainName)).toEqual(Array(5).fill(false));
    expect(isDomainName('_dmarc.x-1.example')).toBe(true);
  });
});

describe('wrapBroadcast() and unwrapUdp()', () => {
  const packet = wrapBroadcast(FROM_SERVER, Buffer.from('payload'));

  test('are the reverse of each other', () => {
    expect(String(unwrapUdp(packet, FROM_SERVER))).toBe('payload');
    expect(internetChecksum(packet.subarray(0, 20))).toBe(0);
  });

  test('refuses other ports, protocols, versions, fragments, and what is cut', () => {
    const changed = (offset: number, value: number) => {
      const other = Buffer.from(packet);
      other[offset] = value;
      return unwrapUdp(other, FROM_SERVER);
    };
    expect(unwrapUdp(packet, TO_SERVER)).toBeUndefined();
    expect([changed(9, 6), changed(0, 0x65), changed(0, 0x44), changed(6, 0x20), changed(25, 7)]).toEqual(
      Array(5).fill(undefined),
    );
    for (let length = 0; length < packet.length; length++) {
      expect(unwrapUdp(packet.subarray(0, length), FROM_SERVER)).toBeUndefined();
    }
  });

  test('passes over options of the header, and padding behind the packet', () => {
    const long = Buffer.concat([packet.subarray(0, 20), Buffer.alloc(4), packet.subarray(20), Buffer.alloc(9)]);
    long[0] = 0x46;
    long.writeUInt16BE(packet.length + 4, 2);
    expect(String(unwrapUdp(long, FROM_SERVER))).toBe('payload');
  });
});

/** A server of which the test says what it answers, on a clock that only waiting moves. */
function testServer(answer: (type: number, options: Options, count: number) => Buffer[]) {
  const asked: number[] = [];
  const queue: Buffer[] = [];
  let now = 0;
  const link: PacketLink = {
    broadcast(packet) {
      const request = unwrapUdp(packet, TO_SERVER) as Buffer;
      const reply = Buffer.from(request);
      reply[0] = 2;
      const { type, options } = decodeReply(reply, CLIENT) as { type: number; options: Options };
      asked.push(type);
      queue.push(...answer(type, options, asked.length).map((message) => wrapBroadcast(FROM_SERVER, message)));
    },
    receive(timeoutMs) {
      const packet = queue.shift();
      now += packet ? 1 : timeoutMs;
      return packet;
    },
  };
  const run = () => obtainLease({ link, client: CLIENT, timeoutMs: 1000, nowMs: () => now });
  return { asked, run, nowMs: () => now };
}

describe('obtainLease()', () => {
  const offer = serverMessage([
    [53, [2]],
    [54, [192, 0, 2, 1]],
  ]);
  const ack = serverMessage([[53, [5]]]);
  const nak = serverMessage([[53, [6]]], [0, 0, 0, 0]);

  test('discovers, takes the offer of that server, and is given the address', () => {
    const server = testServer((type, options) => {
      if (type === 1) return [offer];
      expect([...(options.get(50) ?? [])]).toEqual([192, 0, 2, 7]);
      expect([...(options.get(54) ?? [])]).toEqual([192, 0, 2, 1]);
      return [ack];
    });
    expect(server.run()).toMatchObject({ address: '192.0.2.7' });
    expect(server.asked).toEqual([1, 3]);
  });

  test('takes an address that a server gives at once', () => {
    const server = testServer(() => [ack]);
    expect(server.run()).toMatchObject({ address: '192.0.2.7' });
    expect(server.asked).toEqual([1]);
  });

  test('asks again where nobody answers, and again from the start where the address is refused', () => {
    const server = testServer((type, _, count) => {
      if (count === 1) return [];
      if (type === 1) return [offer];
      return [count === 3 ? nak : ack];
    });
    expect(server.run()).toMatchObject({ address: '192.0.2.7' });
    expect(server.asked).toEqual([1, 1, 3, 1, 3]);
  });

  test('ends in time where nobody answers, and where a stranger never stops talking', () => {
    const silent = testServer(() => []);
    expect([silent.run(), silent.nowMs()]).toEqual([undefined, 1000]);
    const noise = Array.from({ length: 5000 }, () => Buffer.from('noise'));
    const noisy = testServer(() => noise);
    expect([noisy.run(), noisy.nowMs()]).toEqual([undefined, 1000]);
  });
});

/** xorshift32, so that a failure can be seen again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

test.each([1, 2, 3, 4])('whatever a server sends, nothing is thrown and every cap holds (seed %i)', (seed) => {
  const next = random(seed * 0x9e37_79b9);
  const base = wrapBroadcast(
    FROM_SERVER,
    serverMessage([
      [53, [5]],
      [1, [255, 255, 255, 0]],
      [6, [192, 0, 2, 3]],
      [52, [3]],
      [119, [...Buffer.from('\x03eng\x05apple\x03com\0\x09marketing\xc0\x04', 'latin1')]],
      [121, [24, 10, 1, 2, 192, 0, 2, 9, 0, 192, 0, 2, 1]],
    ]),
  );
  let leases = 0;
  for (let round = 0; round < 5000; round++) {
    const packet = Buffer.from(base);
    // Mostly where it hurts: behind the fixed fields.
    for (let change = next(6); change >= 0; change--) {
      const at = next(4) === 0 ? next(packet.length) : 268 + next(packet.length - 268);
      packet[at] = next(256);
    }
    const message = unwrapUdp(next(8) === 0 ? packet.subarray(0, next(packet.length)) : packet, FROM_SERVER);
    const reply = message && decodeReply(message, CLIENT);
    const found = reply && readLease(reply);
    if (!found) continue;
    leases++;
    expect(found.nameServers.length).toBeLessThanOrEqual(8);
    expect(found.routes.length).toBeLessThanOrEqual(64);
    expect(found.searchDomains.every(isDomainName)).toBe(true);
    expect(found.prefixLength).toBeGreaterThanOrEqual(0);
    expect(found.prefixLength).toBeLessThanOrEqual(32);
  }
  expect(leases).toBeGreaterThan(100);
});
