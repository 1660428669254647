import { expect, test } from '@jest/globals';
import { renderJson, renderReport } from './render-report.ts';
import type { Outcome } from './run-checks.ts';

const OUTCOMES: readonly Outcome[] = [
  { name: 'kvm', neededBy: ['libkrun'], state: 'ok', text: 'It is usable', hint: undefined },
  { name: 'virtiofsd', neededBy: ['qemu'], state: 'problem', text: 'Cannot find it', hint: 'Install it.' },
];

test('renderReport() has a line for each check, the hint below it, and the verdict last', () => {
  expect(renderReport(OUTCOMES, { canStart: true, text: 'A machine can start.' }).split('\n')).toEqual([
    'ok       kvm        It is usable',
    'problem  virtiofsd  Cannot find it',
    '                    → Install it.',
    '',
    'A machine can start.',
    '',
  ]);
});

test('renderReport() breaks lines where a terminal ends, below where they began', () => {
  const long = { ...OUTCOMES[1], text: 'Cannot find it at all, anywhere', hint: 'Install it with what installs it.' };
  const verdict = { canStart: true, text: 'A machine can start, though one of the drivers has a problem.' };
  expect(renderReport([long as Outcome], verdict, 54).split('\n')).toEqual([
    'problem  virtiofsd  Cannot find it at all, anywhere',
    '                    → Install it with what installs',
    '                      it.',
    '',
    'A machine can start, though one of the drivers has a',
    'problem.',
    '',
  ]);
});

test('renderJson() has an object for each check, its hint null where there is none', () => {
  expect(JSON.parse(renderJson(OUTCOMES))).toEqual([
    { name: 'kvm', state: 'ok', text: 'It is usable', hint: null },
    { name: 'virtiofsd', state: 'problem', text: 'Cannot find it', hint: 'Install it.' },
  ]);
});
