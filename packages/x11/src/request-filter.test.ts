import { describe, expect, test } from '@jest/globals';
import { BIG_ENDIAN, type ByteOrder, LITTLE_ENDIAN } from './byte-order.ts';
import { Conversation } from './conversation.ts';
import { RequestFilter } from './request-filter.ts';
import { bigRequest, queryExtension, random, request, setup, split } from './testing/messages.ts';

const SHM = 130;
const BIG = 133;
const ORDERS: readonly (readonly [string, ByteOrder])[] = [
  ['little-endian', LITTLE_ENDIAN],
  ['big-endian', BIG_ENDIAN],
];

function filterAfterSetup(order: ByteOrder) {
  const conversation = new Conversation(['MIT-SHM', 'DRI3']);
  conversation.blocked = (opcode) => opcode === SHM;
  conversation.bigRequestsOpcode = BIG;
  const filter = new RequestFilter(conversation);
  filter.takeSetup(setup(order));
  return { filter, conversation };
}

describe.each(ORDERS)('RequestFilter, %s', (_, order) => {
  test('takes a setup that comes in pieces, and gives back what came after it', () => {
    const whole = Buffer.concat([setup(order), Buffer.from('rest')]);
    for (let at = 1; at < whole.length - 4; at += 1) {
      const filter = new RequestFilter(new Conversation([]));
      expect(filter.takeSetup(whole.subarray(0, at))).toBeUndefined();
      expect(filter.isSetUp).toBe(false);
      const taken = filter.takeSetup(whole.subarray(at));
      expect(taken?.setup.equals(setup(order))).toBe(true);
      expect(String(taken?.rest)).toBe('rest');
    }
  });

  test('passes everything on as it is, wherever it is split, and counts on', () => {
    const next = random(7);
    for (let round = 0; round < 60; round += 1) {
      const { filter, conversation } = filterAfterSetup(order);
      const requests = [request(order, BIG, 0)];
      for (let count = 0; count < 40; count += 1) {
        const body = Buffer.alloc(next(300), next(256));
        requests.push(next(4) === 0 ? bigRequest(order, 72, body) : request(order, next(97), next(256), body));
      }
      requests.push(queryExtension(order, 'MIT-SHM'));
      const stream = Buffer.concat(requests);
      const passed = Buffer.concat(split(stream, next, 1 + next(400)).map((piece) => filter.feed(piece)));
      expect(passed.equals(stream)).toBe(true);
      expect(conversation.next(requests.length)).toEqual({ sequence: requests.length, opcode: 98, isHidden: true });
    }
  });

  test('makes a request of a hidden extension one that no server has, whatever is around it', () => {
    const next = random(9);
    const body = Buffer.alloc(12, 3);
    for (let round = 0; round < 40; round += 1) {
      const { filter } = filterAfterSetup(order);
      const stream = Buffer.concat([request(order, 43, 0), request(order, SHM, 1, body), request(order, 131, 1, body)]);
      const passed = Buffer.concat(split(stream, next, 9).map((piece) => filter.feed(piece)));
      const expected = Buffer.concat([request(order, 43, 0), request(order, 0, 1, body), request(order, 131, 1, body)]);
      expect(passed.equals(expected)).toBe(true);
    }
  });

  test('knows a hidden extension by its name alone', () => {
    const { filter, conversation } = filterAfterSetup(order);
    const names = ['MIT-SHM', 'MIT-SHM2', 'mit-shm', '', 'DRI3'];
    filter.feed(Buffer.concat(names.map((name) => queryExtension(order, name))));
    const hidden = names.map((_name, index) => {
      const question = conversation.next(index + 1);
      conversation.shift();
      return question?.isHidden;
    });
    expect(hidden).toEqual([true, false, false, false, true]);
  });
});

describe('RequestFilter', () => {
  const order = LITTLE_ENDIAN;

  test('refuses a first byte that is no byte order, and a setup without end', () => {
    expect(() => new RequestFilter(new Conversation([])).takeSetup(Buffer.from('GET / HTTP/1.1'))).toThrow(
      'Cannot use 71 as the byte order of an X11 client as it must be 66 or 108',
    );
    const endless = setup(order);
    order.setU16(endless, 8, 65_535);
    expect(() => new RequestFilter(new Conversation([])).takeSetup(endless)).toThrow(
      /^Cannot take an X11 setup of 65\d+ bytes/,
    );
  });

  test('refuses a request of no length before BIG-REQUESTS is on: the server would take what follows for requests', () => {
    const { filter } = filterAfterSetup(order);
    expect(() => filter.feed(bigRequest(order, 72, Buffer.alloc(64)))).toThrow('without BIG-REQUESTS');
  });

  test('takes BIG-REQUESTS for on only where the server does', () => {
    for (const asked of [request(order, BIG, 1), request(order, BIG, 0, Buffer.alloc(4)), request(order, 134, 0)]) {
      const { filter } = filterAfterSetup(order);
      filter.feed(asked);
      expect(() => filter.feed(bigRequest(order, 72, Buffer.alloc(64)))).toThrow('without BIG-REQUESTS');
    }
  });

  test('refuses a length that is less than the header', () => {
    const { filter } = filterAfterSetup(order);
    filter.feed(request(order, BIG, 0));
    expect(() => filter.feed(Buffer.from([72, 0, 0, 0, 1, 0, 0, 0]))).toThrow(
      'Cannot take an X11 request of 4 bytes as it must be at least 8',
    );
  });

  test('blocks each extension while it is not known which are which', () => {
    const filter = new RequestFilter(new Conversation(['MIT-SHM']));
    filter.takeSetup(setup(order));
    expect(filter.feed(request(order, 200, 0))[0]).toBe(0);
  });

  test('keeps no more of a request than decides about it', () => {
    const { filter } = filterAfterSetup(order);
    filter.feed(request(order, BIG, 0));
    const endless = Buffer.from([72, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    expect(filter.feed(endless)).toHaveLength(8);
    expect(filter.feed(Buffer.alloc(65_536))).toHaveLength(65_536);
  });

  test('passes nothing more after a fault, whatever comes', () => {
    const { filter } = filterAfterSetup(order);
    const fault = bigRequest(order, 72, Buffer.alloc(64));
    expect(() => filter.feed(fault)).toThrow('without BIG-REQUESTS');
    for (const chunk of [request(order, 43, 0), Buffer.alloc(0), request(order, SHM, 1)]) {
      expect(() => filter.feed(chunk)).toThrow('without BIG-REQUESTS');
    }
    const setupFault = new RequestFilter(new Conversation([]));
    expect(() => setupFault.takeSetup(Buffer.from('G'))).toThrow('as the byte order');
    expect(() => setupFault.takeSetup(setup(order))).toThrow('as the byte order');
  });

  test('ends a client that asks and asks before it reads an answer', () => {
    const { filter } = filterAfterSetup(order);
    const questions = Buffer.concat(Array.from({ length: 1025 }, () => queryExtension(order, 'X')));
    expect(() => filter.feed(questions)).toThrow('Cannot ask an X server 1025 questions');
  });
});
