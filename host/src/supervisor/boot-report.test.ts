import { expect, test } from '@jest/globals';
import type { BootStep, GuestStatus } from '@muvm/protocol/contract';
import { reportBoot } from './boot-report.ts';

const step = (name: string, rest: Partial<BootStep> = {}): BootStep => ({
  ...{ name, durationMs: 1, skippedReason: '', failed: false, hint: '' },
  ...rest,
});

async function report(status: Partial<GuestStatus> | Error) {
  const told: string[] = [];
  const ask = async () => {
    if (status instanceof Error) throw status;
    return status as GuestStatus;
  };
  const listener = { step: ({ name }: BootStep) => void told.push(name), note: (text: string) => void told.push(text) };
  const failure = await reportBoot(ask, listener, (reason) => told.push(`silent: ${reason}`));
  return { told, failure };
}

test('reportBoot() tells each step, and what failed without being needed in a notice', async () => {
  const bootSteps = [
    step('one', { skippedReason: 'nothing to do' }),
    step('two', { failed: true, skippedReason: 'no luck', hint: 'Try again.' }),
  ];
  const notice = 'Boot step "two" of the guest failed: no luck. Try again.';
  expect(await report({ bootSteps })).toEqual({ told: ['one', 'two', notice], failure: undefined });
});

test('reportBoot() gives the failure of a boot as the guest tells it', async () => {
  const bootSteps = [step('one', { failed: true, skippedReason: 'no luck' })];
  const { told, failure } = await report({ bootSteps, bootFailure: { message: 'Cannot run commands', hint: 'Wait.' } });
  expect(told).toEqual(['one']);
  expect(failure).toMatchObject({ code: 'BOOT_FAILED', message: 'Cannot run commands', hint: 'Wait.' });
});

test('reportBoot() believes no guest that has too much to tell', async () => {
  const { told } = await report({ bootSteps: Array.from({ length: 1000 }, () => step('x'.repeat(100_000))) });
  expect(told).toHaveLength(64);
  expect(told[0]).toHaveLength(4096);
});

test('reportBoot() leaves a guest that does not answer to the calls that follow', async () => {
  expect(await report(new Error('no answer'))).toEqual({ told: ['silent: no answer'], failure: undefined });
});
