import { closeSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { controlBytes, descriptorsIn, messageHeader, sendDescriptors } from './send-descriptors.ts';
import { createSocketPair } from './socket-pair.ts';

function control(length: number, type: number, ...fds: readonly number[]): Buffer {
  const bytes = Buffer.alloc(controlBytes(fds.length));
  bytes.writeBigUInt64LE(BigInt(length), 0);
  bytes.writeInt32LE(1, 8);
  bytes.writeInt32LE(type, 12);
  for (const [index, fd] of fds.entries()) bytes.writeInt32LE(fd, 16 + 4 * index);
  return bytes;
}

describe('descriptorsIn()', () => {
  test.each([
    ['two', control(24, 1, 5, 6), [5, 6]],
    ['one, and what fills it up', control(20, 1, 5), [5]],
    ['a length that says more than there is', control(4000, 1, 5, 6), [5, 6]],
    ['a message of another kind', control(24, 2, 5, 6), []],
    ['nothing', Buffer.alloc(0), []],
  ])('of %s', (_, bytes, fds) => expect(descriptorsIn(bytes)).toEqual(fds));
});

test('controlBytes() is CMSG_SPACE of cmsg(3)', () => {
  expect([1, 2, 3, 28].map(controlBytes)).toEqual([24, 24, 32, 128]);
});

test('messageHeader() has one vector, and no name', () => {
  const header = messageHeader({ vector: 0x1000n, control: 0x2000n, controlBytes: 24 });
  expect([0, 8, 16, 24, 32, 40, 48].map((offset) => header.readBigUInt64LE(offset))).toEqual(
    [0, 0, 0x1000, 1, 0x2000, 24, 0].map(BigInt),
  );
});

test('sendDescriptors() tells of a socket that nobody reads from any more, without a signal', () => {
  const [one, other] = createSocketPair();
  closeSync(other);
  expect(() => sendDescriptors(one, [one])).toThrow(expect.objectContaining({ code: 'EPIPE', syscall: 'sendmsg' }));
  closeSync(one);
});
