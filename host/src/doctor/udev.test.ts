import { expect, test } from '@jest/globals';
import { checkUdev } from './udev.ts';

test('checkUdev() finds a udevd, none, and one that is named and cannot be run', () => {
  expect(checkUdev({}, '/bin/sh')).toMatchObject({ state: 'ok', text: '"/bin/sh" is there for the guest' });
  expect(checkUdev({ MUVM_UDEVD_PATH: '/nonexistent/udevd' })).toMatchObject({
    state: 'problem',
    text: '"/nonexistent/udevd" cannot be run: no such file or directory',
  });
  expect(checkUdev({}, undefined).state).toMatch(/note|ok/);
});
