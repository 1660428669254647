import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { Helper, HelperExit } from '@muvm/process';
import type { GuestEnding } from '../guest/guest-ending.ts';
import { howItEnded } from './how-it-ended.ts';

const NEVER = new Promise<HelperExit>(() => {});

function helper(exited: Promise<HelperExit>): Helper {
  return { exited, hasExited: () => false } as Helper;
}

function exit(sentence: string, signal: NodeJS.Signals | null = null): HelperExit {
  return { code: signal ? null : 0, signal, sentence };
}

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
