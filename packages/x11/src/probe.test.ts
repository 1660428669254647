import { describe, expect, test } from '@jest/globals';
import { LITTLE_ENDIAN as order } from './byte-order.ts';
import { clientSetup } from './client-setup.ts';
import { ServerProbe } from './probe.ts';
import { extensionReply, message, queryExtension, setup, setupReply } from './testing/messages.ts';

test('clientSetup() shows the cookie', () => {
  const data = Buffer.alloc(16, 7);
  expect(clientSetup({ name: 'MIT-MAGIC-COOKIE-1', data }).equals(setup(order))).toBe(true);
  expect(clientSetup(undefined).equals(setup(order, '', Buffer.alloc(0)))).toBe(true);
});

describe('ServerProbe', () => {
  const probe = () => new ServerProbe(clientSetup(undefined), ['MIT-SHM', 'DRI3']);

  test('introduces itself and asks at once', () => {
    const expected = [clientSetup(undefined), queryExtension(order, 'MIT-SHM'), queryExtension(order, 'DRI3')];
    expect(probe().request.equals(Buffer.concat(expected))).toBe(true);
  });

  test('reads the opcodes, at every split, with an event between', () => {
    const absent = message(order, 1, 2);
    absent[8] = 0;
    const parts = [
      setupReply(order, 1, Buffer.alloc(40)),
      extensionReply(order, 1, 130),
      message(order, 34, 1),
      absent,
    ];
    const stream = Buffer.concat(parts);
    for (let at = 0; at < stream.length; at += 1) {
      const asked = probe();
      expect(asked.feed(stream.subarray(0, at))).toBeUndefined();
      expect(asked.feed(stream.subarray(at))).toEqual({ opcodes: new Map([['MIT-SHM', 130]]), refusal: undefined });
    }
  });

  test('tells why it was refused, in printable words', () => {
    const refused = setupReply(order, 0, Buffer.from('No protocol specified\n\x1b[31m'));
    expect(probe().feed(refused)).toEqual({ opcodes: new Map(), refusal: 'No protocol specified [31m' });
  });

  test('gives up where there is no end', () => {
    const asked = probe();
    asked.feed(setupReply(order, 1, Buffer.alloc(100_000)));
    expect(() => asked.feed(Buffer.alloc(1024 * 1024, 2))).toThrow(RangeError);
  });
});
