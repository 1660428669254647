import { expect, test } from '@jest/globals';
import { ExecRequest, LIMITS, type Start } from '@muvm/protocol/contract';
import { checkSize } from './check-size.ts';

const start = (env: Record<string, string>): Start => ({
  ...{ argv: ['true'], env, workdir: '/', terminal: undefined, stdin: false, detach: false },
});

test('checkSize() refuses what does not fit into a message, and lets nothing through that does not', () => {
  const variables = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`V${index}`, 'x'.repeat(1000)]));
  expect(() => checkSize(start(variables(5000)))).toThrow(/^Cannot give a command \d+ bytes of words and variables/);
  const most = start(variables(4090));
  checkSize(most);
  const message = ExecRequest.encode({ event: { $case: 'start', value: most } }).finish();
  expect(message.length).toBeLessThanOrEqual(LIMITS.messageBytes);
  expect(message.length).toBeGreaterThan(0.97 * LIMITS.messageBytes);
});
