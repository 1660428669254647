import { describe, expect, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { type Check, note, ok } from './check.ts';
import { runChecks } from './run-checks.ts';

const check = (run: Check['run']): Check => ({ name: 'part', neededBy: ['qemu'], run });

describe('runChecks()', () => {
  test('gives each finding its name and its drivers, in the order of the checks', async () => {
    const outcomes = await runChecks([
      check(() => ok('it is there')),
      { name: 'other', neededBy: [], run: async () => note('it is not', 'Do it.') },
    ]);
    expect(outcomes).toEqual([
      { name: 'part', neededBy: ['qemu'], state: 'ok', text: 'It is there', hint: undefined },
      { name: 'other', neededBy: [], state: 'note', text: 'It is not', hint: 'Do it.' },
    ]);
  });

  test('makes a problem of an error that is thrown, with its hint', async () => {
    const run = () => {
      throw new MuvmError('MISSING_PART', 'Cannot find "x"', { hint: 'Install it.' });
    };
    expect(await runChecks([check(run)])).toMatchObject([
      { state: 'problem', text: 'Cannot find "x"', hint: 'Install it.' },
    ]);
  });

  test('makes a problem of a rejection that nobody thought of, on one line', async () => {
    const run = () => Promise.reject(new Error('first\n second\n'));
    expect(await runChecks([check(run)])).toMatchObject([
      { state: 'problem', text: 'This could not be checked: first second', hint: undefined },
    ]);
  });

  test('does not wait for a check that never ends, and reports the others', async () => {
    const outcomes = await runChecks([check(() => new Promise(() => {})), check(() => ok('fine'))], 10);
    expect(outcomes).toMatchObject([
      { state: 'problem', text: 'This part of the host did not answer within 10 ms' },
      { state: 'ok', text: 'Fine' },
    ]);
  });

  test('runs them at the same time', async () => {
    let release = () => {};
    const opened = new Promise<void>((resolve) => {
      release = resolve;
    });
    const waiting = check(async () => {
      await opened;
      return ok('after the other');
    });
    const opening = check(() => {
      release();
      return ok('at once');
    });
    expect((await runChecks([waiting, opening])).map(({ state }) => state)).toEqual(['ok', 'ok']);
  });
});
