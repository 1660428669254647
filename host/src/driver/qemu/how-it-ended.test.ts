import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { Helper, HelperExit } from '@muvm/process';
import { type GuestEnding, howItEnded, noteGuestEnding } from './how-it-ended.ts';

const NEVER = new Promise<HelperExit>(() => {});

function helper(exited: Promise<HelperExit>): Helper {
  return { exited, hasExited: () => false } as Helper;
}

function exit(sentence: string, signal: NodeJS.Signals | null = null): HelperExit {
  return { code: signal ? null : 0, signal, sentence };
}

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

test('howItEnded() blames a virtiofsd that was killed', async () => {
  const virtiofsd = helper(Promise.resolve(exit('virtiofsd was killed by SIGKILL', 'SIGKILL')));
  expect(await howItEnded(helper(NEVER), virtiofsd, { sentence: undefined })).toBe('virtiofsd was killed by SIGKILL');
});

test('howItEnded() blames QEMU where virtiofsd only followed it', async () => {
  const qemu = helper(Promise.resolve(exit('QEMU was killed by SIGKILL', 'SIGKILL')));
  const virtiofsd = helper(Promise.resolve(exit('virtiofsd ended with status 0')));
  expect(await howItEnded(qemu, virtiofsd, { sentence: undefined })).toBe('QEMU was killed by SIGKILL');
});

test('howItEnded() prefers what the guest said itself', async () => {
  const qemu = helper(Promise.resolve(exit('QEMU ended with status 0')));
  expect(await howItEnded(qemu, helper(NEVER), { sentence: 'Guest kernel panicked: x' })).toBe(
    'Guest kernel panicked: x',
  );
});

test('howItEnded() waits for the last words of a guest whose machine is gone', async () => {
  const stdout = new PassThrough();
  const qemu = { exited: Promise.resolve(exit('QEMU ended with status 0')), hasExited: () => true, stdout };
  const ending: GuestEnding = { sentence: undefined };
  setTimeout(() => {
    ending.sentence = 'Guest kernel panicked: late';
    stdout.destroy();
  }, 20);
  expect(await howItEnded(qemu as unknown as Helper, helper(NEVER), ending)).toBe('Guest kernel panicked: late');
});
