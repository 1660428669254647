import { expect, test } from '@jest/globals';
import { checkOpenFiles } from './open-files.ts';

const limits = (hard: string) =>
  `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 ${hard.padEnd(20)} files     \n`;

test.each([
  ['524288', 'ok'],
  ['unlimited', 'ok'],
  ['100000', 'ok'],
  ['4096', 'note'],
])('a hard limit of %s open files is %s', (hard, state) => {
  const finding = checkOpenFiles(limits(hard));
  expect(finding.state).toBe(state);
  expect(finding.text).toContain(`${hard} files open`);
});

test('a text without the limit is an error', () => {
  expect(() => checkOpenFiles('')).toThrow('Cannot find "Max open files"');
});
