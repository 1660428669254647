import { describe, expect, test } from '@jest/globals';
import { checkKvm } from './kvm.ts';

describe('checkKvm()', () => {
  test('names the device that is usable', () => {
    expect(checkKvm({ usable: true }, '/dev/kvm')).toMatchObject({
      state: 'ok',
      text: expect.stringMatching(/^"\/dev\/kvm" is usable/),
    });
  });

  test.each([
    ['"/dev/kvm" does not exist', '"/dev/kvm" does not exist'],
    ['neither kvm_intel nor kvm_amd is loaded', '"/dev/kvm" cannot be used: neither kvm_intel nor kvm_amd is loaded'],
  ])('tells the reason %s, with the device in any case', (reason, text) => {
    const finding = checkKvm({ usable: false, reason, hint: 'Load it.' }, '/dev/kvm');
    expect(finding).toEqual({ state: 'problem', text, hint: 'Load it.' });
  });
});
