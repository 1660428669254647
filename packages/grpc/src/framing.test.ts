import { describe, expect, test } from '@jest/globals';
import { framed, framePrefix, MessageReader } from './framing.ts';

const stream = (...texts: string[]) => Buffer.concat(texts.map((text) => framed(Buffer.from(text))));

test('framed() puts five bytes before a message', () => {
  expect([...framed(Buffer.from('ab'))]).toEqual([0, 0, 0, 0, 2, 0x61, 0x62]);
});

describe('MessageReader', () => {
  test('cuts messages out of chunks of any size', () => {
    const bytes = stream('one', '', 'three', 'x'.repeat(1000));
    for (const size of [1, 2, 5, 7, 100, bytes.length]) {
      const reader = new MessageReader(1000);
      const messages: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        messages.push(...reader.push(bytes.subarray(at, at + size)).map(String));
      }
      expect(messages).toEqual(['one', '', 'three', 'x'.repeat(1000)]);
      expect(reader.isBetweenMessages).toBe(true);
    }
  });

  test('is between messages only after a whole one', () => {
    const bytes = stream('one');
    for (let length = 0; length <= bytes.length; length += 1) {
      const reader = new MessageReader(1000);
      expect(reader.push(bytes.subarray(0, length))).toHaveLength(length === bytes.length ? 1 : 0);
      expect(reader.isBetweenMessages).toBe(length === 0 || length === bytes.length);
    }
  });

  test.each([1001, 65_536, 0xffff_ffff])('refuses a message of %i bytes by its prefix', (length) => {
    expect(() => new MessageReader(1000).push(framePrefix(length))).toThrow(
      `Cannot read a gRPC message of ${length} bytes: expected at most 1000`,
    );
  });

  test('accepts a message of exactly the limit', () => {
    expect(new MessageReader(1000).push(framed(Buffer.alloc(1000)))).toHaveLength(1);
  });

  test.each([1, 2, 128, 255])('refuses a message with the compressed flag %i', (flag) => {
    expect(() => new MessageReader(1000).push(Buffer.from([flag, 0, 0, 0, 0]))).toThrow(
      'Cannot read a gRPC message: compressed flag is set',
    );
  });
});
