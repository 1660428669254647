import { describe, expect, test } from '@jest/globals';
import { ExecReply } from '@muvm/protocol/contract';
import { outputReply } from './reply.ts';

describe('outputReply()', () => {
  test.each([0, 1, 127, 128, 16_383, 16_384, 65_536, 1_048_576])('is what ExecReply encodes for %i bytes', (length) => {
    const value = Buffer.alloc(length, 'x');
    for (const name of ['stdout', 'stderr'] as const) {
      const expected = Buffer.from(ExecReply.encode({ event: { $case: name, value } }).finish());
      expect(Buffer.concat(outputReply(name, value)).equals(expected)).toBe(true);
    }
  });

  test('does not copy the output', () => {
    const chunk = Buffer.from('output');
    expect(outputReply('stdout', chunk)[1]).toBe(chunk);
  });
});
