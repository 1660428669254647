import { describe, expect, test } from '@jest/globals';
import { BIG_ENDIAN, type ByteOrder, LITTLE_ENDIAN } from '../byte-order.ts';
import { Conversation } from '../conversation.ts';
import {
  bigRequest,
  extensionReply,
  listReply,
  message,
  queryExtension,
  random,
  request,
  setup,
  setupReply,
  split,
} from '../testing/messages.ts';
import { CrossDomainReplies, type Delivery } from './replies.ts';
import { CrossDomainRequests, type Step } from './requests.ts';

const OPCODES = { 'BIG-REQUESTS': 133, DRI3: 149, Present: 148, SYNC: 134, RANDR: 140, 'MIT-SHM': 130, DRI2: 154 };
const ORDERS: readonly (readonly [string, ByteOrder])[] = [
  ['little-endian', LITTLE_ENDIAN],
  ['big-endian', BIG_ENDIAN],
];

/** A client that has asked for every extension, and has been answered. */
function connected(order: ByteOrder) {
  const conversation = new Conversation(['MIT-SHM', 'DRI2']);
  const requests = new CrossDomainRequests(conversation);
  const replies = new CrossDomainReplies(conversation);
  requests.takeSetup(setup(order));
  replies.feed(setupReply(order, 1, Buffer.alloc(64)));
  const names = Object.keys(OPCODES);
  requests.feed(Buffer.concat(names.map((name) => queryExtension(order, name))));
  const answers = Object.values(OPCODES).map((opcode, index) => extensionReply(order, index + 1, opcode));
  const told = replies.feed(Buffer.concat(answers));
  return { conversation, requests, replies, told, next: names.length + 1 };
}

function words(order: ByteOrder, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) order.setU32(bytes, 4 * index, value);
  return bytes;
}

const bytesOf = (parts: readonly { readonly bytes: Buffer }[]) => Buffer.concat(parts.map(({ bytes }) => bytes));
const effects = (steps: readonly Step[]) => steps.map(({ effect }) => effect?.kind);

/** What came out, whatever the pieces: neighbours without an effect are one. */
function feedInPieces(requests: CrossDomainRequests, stream: Buffer, next: (limit: number) => number): Step[] {
  return split(stream, next, 1 + next(80)).flatMap((piece) =>
    requests.feed(piece).map((step) => ({ ...step, bytes: Buffer.from(step.bytes) })),
  );
}

describe.each(ORDERS)('the engine where descriptors cross, %s', (_, order) => {
  const pixmap = request(order, OPCODES.DRI3, 2, words(order, 1, 2, 4096, 3, 4));
  const planes = Buffer.alloc(60);
  planes[8] = 3;
  const pixmaps = request(order, OPCODES.DRI3, 7, planes);
  const fence = request(order, OPCODES.DRI3, 4, words(order, 1, 0x77, 0));
  const destroy = request(order, OPCODES.SYNC, 17, words(order, 0x77));
  const focus = request(order, 43, 0);

  test('hides what cannot cross, and shows DRI3', () => {
    const shown = connected(order).told.map(({ bytes }) => bytes);
    const present = [...Array(7).keys()].map((index) => bytesOf(shown.map((bytes) => ({ bytes })))[32 * index + 8]);
    expect(present).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });

  test('cuts before each request that takes descriptors, wherever the stream is split', () => {
    const rounds = random(11);
    for (let round = 0; round < 50; round += 1) {
      const { requests } = connected(order);
      const stream = Buffer.concat([focus, pixmap, focus, pixmaps, fence, focus, destroy, focus]);
      const steps = feedInPieces(requests, stream, rounds);
      expect(bytesOf(steps).equals(stream)).toBe(true);
      const found: number[] = [];
      let at = 0;
      for (const step of steps) {
        if (step.effect) found.push(at);
        at += step.bytes.length;
      }
      expect(found).toEqual([4, 32, 96, 116]);
      expect(steps.flatMap(({ effect }) => effect ?? [])).toEqual([
        { kind: 'buffers', count: 1 },
        { kind: 'buffers', count: 3 },
        { kind: 'fence', fence: 0x77 },
        { kind: 'destroyFence', fence: 0x77 },
      ]);
    }
  });

  test('takes them from a request with BIG-REQUESTS too', () => {
    const { requests } = connected(order);
    requests.feed(request(order, OPCODES['BIG-REQUESTS'], 0));
    const big = bigRequest(order, OPCODES.DRI3, words(order, 1, 0x99, 0));
    big[1] = 4;
    expect(requests.feed(big)).toEqual([{ bytes: big, effect: { kind: 'fence', fence: 0x99 } }]);
  });

  test('a request of the wrong length is the server’s to refuse, and its descriptors are closed', () => {
    const { requests } = connected(order);
    const stream = Buffer.concat([
      request(order, OPCODES.DRI3, 2, words(order, 1)),
      request(order, OPCODES.DRI3, 4, words(order, 1, 2, 3, 4)),
    ]);
    const steps = requests.feed(Buffer.from(stream));
    expect(effects(steps)).toEqual(['discard', 'discard']);
    expect(bytesOf(steps).equals(stream)).toBe(true);
  });

  test.each([
    ['DRI3 ImportSyncobj', OPCODES.DRI3, 10, ['discard']],
    ['DRI3 FDFromFence', OPCODES.DRI3, 5, [undefined]],
    ['MIT-SHM AttachFd', OPCODES['MIT-SHM'], 6, ['discard']],
    ['MIT-SHM Attach', OPCODES['MIT-SHM'], 1, [undefined]],
    ['DRI2 Connect', OPCODES.DRI2, 1, [undefined]],
    ['RANDR CreateLease', OPCODES.RANDR, 45, [undefined]],
    ['Present PixmapSynced', OPCODES.Present, 5, [undefined]],
  ] as const)('%s becomes a request that no server has', (_name, opcode, minor, expected) => {
    const { requests } = connected(order);
    const steps = requests.feed(request(order, opcode, minor, words(order, 1, 2)));
    expect(effects(steps)).toEqual(expected);
    expect(bytesOf(steps)[0]).toBe(0);
  });

  test('a request of an extension that the client has not asked for does nothing', () => {
    const { requests } = connected(order);
    const stream = Buffer.concat([request(order, 200, 1, words(order, 1)), focus]);
    const passed = bytesOf(requests.feed(Buffer.from(stream)));
    expect(passed.equals(Buffer.concat([request(order, 0, 1, words(order, 1)), focus]))).toBe(true);
  });

  test('SetDRMDeviceInUse, whose device is another one there, does nothing', () => {
    const bytes = bytesOf(connected(order).requests.feed(request(order, OPCODES.DRI3, 9, words(order, 1, 226, 128))));
    expect(bytes.equals(request(order, 127, 9, words(order, 1, 226, 128)))).toBe(true);
  });

  test.each(['DRI3', 'Present'] as const)('%s is spoken up to 1.3 on both sides', (name) => {
    const { requests, replies, next } = connected(order);
    const ask = (major: number, minor: number) =>
      bytesOf(requests.feed(request(order, OPCODES[name], 0, words(order, major, minor)))).subarray(4);
    expect(ask(1, 4)).toEqual(words(order, 1, 3));
    expect(ask(2, 0)).toEqual(words(order, 1, 3));
    expect(ask(1, 2)).toEqual(words(order, 1, 2));
    const answered = (sequence: number, minor: number) => {
      const reply = message(order, 1, sequence);
      words(order, 1, minor).copy(reply, 8);
      return bytesOf(replies.feed(reply)).subarray(8, 16);
    };
    expect(answered(next, 4)).toEqual(words(order, 1, 3));
    expect(answered(next + 1, 2)).toEqual(words(order, 1, 2));
  });

  test('Open is answered with the device of this machine, in its turn', () => {
    const rounds = random(4);
    for (let round = 0; round < 40; round += 1) {
      const { requests, replies, next } = connected(order);
      const open = request(order, OPCODES.DRI3, 1, words(order, 9, 0));
      const sent = bytesOf(requests.feed(Buffer.concat([focus, open, focus])));
      expect(sent.equals(Buffer.concat([focus, queryExtension(order, 'DRI3'), focus]))).toBe(true);
      const [before, after] = [message(order, 1, next), message(order, 1, next + 2)];
      const stream = Buffer.concat([before, extensionReply(order, next + 1, OPCODES.DRI3), after]);
      const deliveries = split(stream, rounds, 60).flatMap((piece) => replies.feed(piece));
      const opened = deliveries.filter(({ hasRenderNode }) => hasRenderNode);
      const wanted = message(order, 1, next + 1);
      wanted[1] = 1;
      wanted.fill(0, 4);
      expect(opened).toEqual([{ bytes: wanted, descriptors: 0, hasRenderNode: true }]);
      expect(bytesOf(deliveries).equals(Buffer.concat([before, wanted, after]))).toBe(true);
    }
  });

  test('an error in the place of its answer is passed on', () => {
    const { conversation, requests, replies, next } = connected(order);
    requests.feed(request(order, OPCODES.DRI3, 3, words(order, 9)));
    const error = message(order, 0, next);
    error[10] = OPCODES.DRI3;
    expect(replies.feed(Buffer.from(error))).toEqual([{ bytes: error, descriptors: 0, hasRenderNode: false }]);
    expect(conversation.openQuestions).toBe(0);
  });

  test('descriptors go with the reply that they belong to, which is one piece', () => {
    const rounds = random(8);
    for (let round = 0; round < 40; round += 1) {
      const { requests, replies, next } = connected(order);
      requests.feed(Buffer.concat([3, 8].map((minor) => request(order, OPCODES.DRI3, minor, words(order, 9)))));
      const one = message(order, 1, next);
      one[1] = 1;
      const three = message(order, 1, next + 1, Buffer.alloc(24, 3));
      three[1] = 3;
      const event = message(order, 12, next + 1);
      const stream = Buffer.concat([event, one, event, three, event]);
      const deliveries = split(stream, rounds, 90).flatMap((piece): Delivery[] => replies.feed(piece));
      expect(bytesOf(deliveries).equals(stream)).toBe(true);
      expect(
        deliveries.filter(({ descriptors }) => descriptors > 0).map(({ bytes, descriptors }) => [bytes, descriptors]),
      ).toEqual([
        [one, 1],
        [three, 3],
      ]);
    }
  });

  test('leaves hidden extensions out of the list', () => {
    const { requests, replies, next } = connected(order);
    requests.feed(request(order, 99, 0));
    const passed = bytesOf(replies.feed(listReply(order, next, ['MIT-SHM', 'DRI3', 'DRI2'])));
    expect(passed.equals(listReply(order, next, ['DRI3']))).toBe(true);
  });
});
