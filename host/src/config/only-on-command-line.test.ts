import { expect, test } from '@jest/globals';
import { whyNotInFiles } from './only-on-command-line.ts';
import { SETTING_ROWS } from './settings.ts';

test('every setting has a key in files, or a reason for none', () => {
  for (const [name, { key }] of SETTING_ROWS) {
    expect({ name, hasKey: key !== undefined }).toEqual({ name, hasKey: whyNotInFiles(name) === undefined });
  }
});
