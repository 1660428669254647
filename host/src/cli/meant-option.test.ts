import { expect, test } from '@jest/globals';
import { withMeantOption } from './meant-option.ts';

const NOT_FOUND = { sentence: 'Cannot run "x": command not found', hint: 'Look.', status: 127 };

test('withMeantOption() asks about the option, where no command has its name', () => {
  expect(withMeantOption(NOT_FOUND, ['status'])).toEqual({ ...NOT_FOUND, hint: 'Did you mean "muvm --status"?' });
});

test('withMeantOption() leaves other commands alone, and those that ran', () => {
  expect(withMeantOption(NOT_FOUND, ['statuses'])).toBe(NOT_FOUND);
  expect(withMeantOption(NOT_FOUND, ['mem'])).toBe(NOT_FOUND);
  const ran = { status: 127 };
  expect(withMeantOption(ran, ['status'])).toBe(ran);
});
