import { expect, test } from '@jest/globals';
import { type GuestEnding, noteGuestEnding } from './guest-ending.ts';

test('noteGuestEnding() reads a panic and an agent that was killed; the first reason stays', () => {
  const ending: GuestEnding = { sentence: undefined };
  noteGuestEnding(ending, '[    3.1] Kernel panic - not syncing: NMI: Not continuing');
  noteGuestEnding(ending, 'muvm: agent ended with status 137');
  expect(ending.sentence).toBe('Guest kernel panicked: NMI: Not continuing');
  const killed: GuestEnding = { sentence: undefined };
  noteGuestEnding(killed, 'muvm: agent ended with status 137');
  expect(killed.sentence).toBe('Agent in the guest was killed by signal 9');
});

test('noteGuestEnding() does not take a good end, or the words inside another line, for a reason', () => {
  const ending: GuestEnding = { sentence: undefined };
  noteGuestEnding(ending, 'muvm: agent ended with status 0');
  noteGuestEnding(ending, 'he said muvm: agent ended with status 1');
  expect(ending.sentence).toBeUndefined();
});
