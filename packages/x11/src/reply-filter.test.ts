import { describe, expect, test } from '@jest/globals';
import { BIG_ENDIAN, type ByteOrder, LITTLE_ENDIAN } from './byte-order.ts';
import { Conversation } from './conversation.ts';
import { ReplyFilter } from './reply-filter.ts';
import { extensionReply, listReply, message, random, setupReply, split } from './testing/messages.ts';

const ORDERS: readonly (readonly [string, ByteOrder])[] = [
  ['little-endian', LITTLE_ENDIAN],
  ['big-endian', BIG_ENDIAN],
];

function filterFor(order: ByteOrder) {
  const conversation = new Conversation(['MIT-SHM', 'DRI3']);
  conversation.byteOrder = order;
  const filter = new ReplyFilter(conversation);
  const through = (bytes: Buffer, next: (limit: number) => number = () => 4095) =>
    Buffer.concat(split(bytes, next, 4096).flatMap((piece) => filter.feed(piece)));
  return { conversation, filter, through };
}

const hiddenReply = (reply: Buffer) => Buffer.concat([reply.subarray(0, 8), Buffer.alloc(4), reply.subarray(12)]);

describe.each(ORDERS)('ReplyFilter, %s', (_, order) => {
  const accepted = setupReply(order, 1, Buffer.alloc(2000, 9));

  test('passes everything on as it is, wherever it is split', () => {
    const next = random(3);
    for (let round = 0; round < 60; round += 1) {
      const { through } = filterFor(order);
      const messages = [accepted];
      for (let count = 0; count < 40; count += 1) {
        const code = [0, 1, 35, 2 + next(30), 0x82][next(5)] as number;
        const rest = code === 1 || code === 35 ? Buffer.alloc(next(500), next(256)) : Buffer.alloc(0);
        messages.push(message(order, code, count, rest));
      }
      const stream = Buffer.concat(messages);
      const limit = 1 + next(200);
      expect(through(stream, () => next(limit)).equals(stream)).toBe(true);
    }
  });

  test('answers that a hidden extension is not there, and leaves the others', () => {
    const next = random(5);
    for (let round = 0; round < 40; round += 1) {
      const { conversation, through } = filterFor(order);
      conversation.ask({ sequence: 3, opcode: 98, isHidden: true });
      conversation.ask({ sequence: 65_539, opcode: 98, isHidden: false });
      const [hidden, shown] = [extensionReply(order, 3, 130), extensionReply(order, 65_539, 131)];
      const other = message(order, 1, 2, Buffer.alloc(40, 1));
      const passed = through(Buffer.concat([accepted, other, hidden, shown]), () => next(50));
      expect(passed.equals(Buffer.concat([accepted, other, hiddenReply(hidden), shown]))).toBe(true);
    }
  });

  test('leaves hidden extensions out of the list', () => {
    const next = random(6);
    for (let round = 0; round < 40; round += 1) {
      const { conversation, through } = filterFor(order);
      conversation.ask({ sequence: 1, opcode: 99, isHidden: false });
      const list = listReply(order, 1, ['BIG-REQUESTS', 'MIT-SHM', 'RENDER', 'DRI3']);
      const event = message(order, 12, 1);
      const passed = through(Buffer.concat([accepted, list, event]), () => next(40));
      expect(passed.equals(Buffer.concat([accepted, listReply(order, 1, ['BIG-REQUESTS', 'RENDER']), event]))).toBe(
        true,
      );
    }
  });

  test('passes a refusal on, and whatever follows it', () => {
    const { through } = filterFor(order);
    const stream = Buffer.concat([
      setupReply(order, 0, Buffer.from('No protocol specified\n')),
      Buffer.from([1, 2, 3]),
    ]);
    expect(through(stream).equals(stream)).toBe(true);
  });
});

describe('ReplyFilter', () => {
  const order = LITTLE_ENDIAN;
  const accepted = setupReply(order, 1, Buffer.alloc(0));

  test('takes an error for the answer to its own request alone', () => {
    const { conversation, through } = filterFor(order);
    conversation.ask({ sequence: 1, opcode: 98, isHidden: true });
    const ofAnother = message(order, 0, 1);
    ofAnother[10] = 72;
    through(Buffer.concat([accepted, ofAnother]));
    expect(conversation.openQuestions).toBe(1);
    const ofThis = message(order, 0, 1);
    ofThis[10] = 98;
    through(ofThis);
    expect(conversation.openQuestions).toBe(0);
  });

  test('does not keep a list that is longer than any', () => {
    const { conversation, filter, through } = filterFor(order);
    through(accepted);
    conversation.ask({ sequence: 1, opcode: 99, isHidden: false });
    const head = message(order, 1, 1);
    order.setU32(head, 4, 0x3fff_ffff);
    expect(Buffer.concat(filter.feed(head))).toHaveLength(32);
    expect(Buffer.concat(filter.feed(Buffer.alloc(1000)))).toHaveLength(1000);
  });

  test('reads no name beyond the end of a list', () => {
    const { conversation, through } = filterFor(order);
    conversation.ask({ sequence: 1, opcode: 99, isHidden: false });
    const list = listReply(order, 1, ['AB']);
    list[1] = 200;
    list[32] = 250;
    expect(through(Buffer.concat([accepted, list])).length).toBe(accepted.length + 36);
  });
});
