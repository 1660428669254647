import { expect, test } from '@jest/globals';
import { formatEvent, parseEvent, type WorkerEvent } from './events.ts';

test('parseEvent() returns what formatEvent() wrote', () => {
  const event: WorkerEvent = { kind: 'failed', part: 'network', reason: 'two\nlines' };
  const line = formatEvent(event);
  expect(line).toMatch(/^[^\n]+\n$/);
  expect(parseEvent(line.trimEnd())).toEqual(event);
});

test.each(['', 'suite of libkrun: on Linux 6.12', '{"kind":"begin"}'])('parseEvent() ignores the line "%s"', (line) => {
  expect(parseEvent(line)).toBeUndefined();
});
