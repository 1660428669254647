import { describe, expect, test } from '@jest/globals';
import type { VmPlan } from '../config/vm-plan.ts';
import { selectDriver } from './select-driver.ts';

type Wish = Pick<VmPlan, 'vmm' | 'libkrunPath' | 'gpuMode'>;

function choose(wish: Partial<Wish>, obstacle?: string) {
  const asked: (string | undefined)[] = [];
  const host = {
    libkrunObstacle(path: string | undefined) {
      asked.push(path);
      return obstacle;
    },
  };
  const plan = { vmm: 'auto', libkrunPath: undefined, gpuMode: undefined, ...wish } as const;
  const { driver, notices } = selectDriver(plan, host);
  return { name: driver.name, notices, asked };
}

describe('selectDriver()', () => {
  test('takes libkrun where it can run, and says nothing', () => {
    expect(choose({ libkrunPath: '/opt/libkrun.so' })).toEqual({
      name: 'libkrun',
      notices: [],
      asked: ['/opt/libkrun.so'],
    });
  });

  test('takes QEMU where libkrun cannot run, and says why', () => {
    expect(choose({}, '"/dev/kvm" does not exist')).toMatchObject({
      name: 'qemu',
      notices: ['using QEMU instead of libkrun: "/dev/kvm" does not exist'],
    });
  });

  test('takes what is asked for without a look at the host', () => {
    expect(choose({ vmm: 'qemu' }, 'x')).toEqual({ name: 'qemu', notices: [], asked: [] });
    expect(choose({ vmm: 'libkrun' }, 'x')).toEqual({ name: 'libkrun', notices: [], asked: [] });
  });

  test('says what the driver lacks of what is asked for', () => {
    expect(choose({ vmm: 'libkrun', gpuMode: 'venus' }).notices).toEqual([]);
    expect(choose({ vmm: 'qemu', gpuMode: 'off' }).notices).toEqual([]);
    expect(choose({ vmm: 'qemu', gpuMode: 'venus' }).notices).toEqual([
      '--gpu-mode venus has no effect, as the driver "qemu" has no GPU: use --vmm libkrun for one',
    ]);
  });
});
