import { describe, expect, test } from '@jest/globals';
import type { State } from './check.ts';
import { hostChecks } from './checks.ts';
import { judge } from './verdict.ts';

const NAMES = hostChecks({ env: {}, name: 'default', libkrunPath: undefined, bundleDirectory: '/' });

/** All is well but for the parts that are named. */
function judgeWith(state: State, ...bad: readonly string[]) {
  return judge(
    NAMES.map(({ name, neededBy }) => ({
      name,
      neededBy,
      state: bad.includes(name) ? state : 'ok',
      text: '',
      hint: undefined,
    })),
  );
}

describe('judge()', () => {
  test('takes libkrun where it has all that it needs, whatever QEMU lacks', () => {
    expect(judgeWith('problem')).toMatchObject({ canStart: true, text: expect.stringContaining('takes libkrun') });
    expect(judgeWith('problem', 'qemu', 'virtiofsd', 'kernel').text).toContain('takes libkrun');
  });

  test.each(['kvm', 'libkrun', 'libkrunfw'])('takes QEMU where %s is a problem, and names it', (name) => {
    const { canStart, text } = judgeWith('problem', name);
    expect(canStart).toBe(true);
    expect(text).toContain(`takes QEMU, as libkrun has a problem here (${name}).`);
    expect(text.includes('emulates')).toBe(name === 'kvm');
  });

  test.each(['qemu', 'virtiofsd', 'kernel'])('starts nothing where both drivers lack a part, such as %s', (name) => {
    expect(judgeWith('problem', 'kvm', name)).toEqual({
      canStart: false,
      text: `No virtual machine can start here: libkrun has a problem (kvm), and so has QEMU (${name}).`,
    });
  });

  test.each(['memory', 'run-directory'])('starts nothing without %s, which both drivers need', (name) => {
    expect(judgeWith('problem', name).canStart).toBe(false);
  });

  test('lets neither notes nor problems of a feature keep a machine from starting', () => {
    expect(judgeWith('note', 'libkrun').text).toContain('takes libkrun');
    expect(judgeWith('problem', 'gpu', 'x11', 'passt').text).toContain('takes libkrun');
  });
});
