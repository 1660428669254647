import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MuvmError } from '@muvm/errors';
import { OutputClosed } from '../exec/output.ts';
import { reportEnding, reportError } from './report-error.ts';

let printed = '';

beforeEach(() => {
  printed = '';
  jest.spyOn(fs, 'writeSync').mockImplementation(((_fd: number, text: string) => {
    printed += text;
    return text.length;
  }) as typeof fs.writeSync);
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

describe('reportError()', () => {
  test('prints sentence and hint in one line and sets status 125', () => {
    reportError(new MuvmError('USAGE', 'Cannot do it', { hint: 'Do something else.' }));
    expect(printed).toBe('muvm: Cannot do it. Do something else.\n');
    expect(process.exitCode).toBe(125);
  });

  test('prints each of several errors', () => {
    reportError(new AggregateError([new MuvmError('USAGE', 'Cannot A'), new MuvmError('USAGE', 'Cannot B')]));
    expect(printed).toBe('muvm: Cannot A\nmuvm: Cannot B\n');
  });

  test('calls an error that nobody expected a defect', () => {
    reportError(new TypeError('x is not a function'));
    expect(printed).toMatch(
      /^muvm: Ended because of an unexpected error: x is not a function\. This is a defect of muvm;/,
    );
    expect(process.exitCode).toBe(125);
  });

  test('lets no text move the cursor', () => {
    reportError(new MuvmError('BOOT_FAILED', 'Guest said "\x1b[2J\r\x07"'));
    expect(printed).toBe('muvm: Guest said "\u{fffd}[2J\u{fffd}\u{fffd}"\n');
  });

  test('says nothing where nobody reads its output', () => {
    reportError(new OutputClosed());
    expect(printed).toBe('');
    expect(process.exitCode).toBe(141);
  });
});

describe('reportEnding()', () => {
  test('sets the status of the command, with a line where there is one', () => {
    reportEnding({ status: 3 });
    expect(printed).toBe('');
    expect(process.exitCode).toBe(3);
    reportEnding({ status: 127, sentence: 'Cannot run "x"', hint: '' });
    expect(printed).toBe('muvm: Cannot run "x"\n');
  });
});
