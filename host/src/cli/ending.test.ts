import { describe, expect, test } from '@jest/globals';
import { endingOf } from './ending.ts';

const nobody = { isFromUser: () => false };
const user = { isFromUser: () => true };

describe('endingOf()', () => {
  test('ends as the command did', () => {
    expect(endingOf({ how: 'exited', code: 7 }, nobody)).toEqual({ status: 7 });
    expect(endingOf({ how: 'detached' }, nobody)).toEqual({ status: 0 });
  });

  test('tells which signal killed the command', () => {
    const ending = { sentence: 'Command was killed by signal 9 (SIGKILL)', status: 137 };
    expect(endingOf({ how: 'killed', signalNumber: 9 }, nobody)).toEqual(ending);
    expect(endingOf({ how: 'killed', signalNumber: 9 }, user)).toEqual(ending);
  });

  test('names no signal that has no name', () => {
    expect(endingOf({ how: 'killed', signalNumber: 40 }, nobody).sentence).toBe('Command was killed by signal 40');
  });

  test.each([1, 2, 3, 15])('is quiet about signal %i where the user sent it, and only there', (signalNumber) => {
    expect(endingOf({ how: 'killed', signalNumber }, user)).toEqual({
      sentence: undefined,
      status: 128 + signalNumber,
    });
    expect(endingOf({ how: 'killed', signalNumber }, nobody).sentence).toMatch(/^Command was killed by signal/);
  });

  test('is quiet where nobody reads on', () => {
    expect(endingOf({ how: 'killed', signalNumber: 13 }, nobody)).toEqual({ sentence: undefined, status: 141 });
    expect(endingOf({ how: 'output-closed' }, nobody)).toEqual({ status: 141 });
  });

  test('passes a refusal on, with no other status than those of muvm', () => {
    const refused = { how: 'refused', message: 'Cannot run "x"', hint: 'Look.' } as const;
    expect(endingOf({ ...refused, status: 126 }, nobody)).toEqual({
      sentence: 'Cannot run "x"',
      hint: 'Look.',
      status: 126,
    });
    expect(endingOf({ ...refused, status: 0 }, nobody).status).toBe(125);
    expect(endingOf({ ...refused, message: '', status: 127 }, nobody).sentence).toBe('Guest refused the command');
  });
});
