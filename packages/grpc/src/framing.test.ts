import { describe, expect, test } from '@jest/globals';
import { framePrefix, MessageReader } from './framing.ts';

const framed = (...texts: string[]) =>
  Buffer.concat(texts.flatMap((text) => [framePrefix(text.length), Buffer.from(text)]));

describe('MessageReader', () => {
  test('cuts messages out of chunks of any size', () => {
    const bytes = framed('one', '', 'three', 'x'.repeat(1000));
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

  test('knows when a message is not whole', () => {
    const reader = new MessageReader(1000);
    expect(reader.push(framed('one').subarray(0, 6))).toEqual([]);
    expect(reader.isBetweenMessages).toBe(false);
  });

  test('refuses a message that is too long before it has come', () => {
    expect(() => new MessageReader(1000).push(framePrefix(1001))).toThrow(
      'Cannot read a message of 1001 bytes as it must be at most 1000',
    );
  });

  test('refuses a compressed message', () => {
    expect(() => new MessageReader(1000).push(Buffer.from([1, 0, 0, 0, 0]))).toThrow(
      'Cannot read a compressed message',
    );
  });
});
