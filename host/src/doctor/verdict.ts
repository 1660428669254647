import type { DriverName } from '../driver/driver.ts';
import type { Outcome } from './run-checks.ts';

/** What the findings amount to. */
export interface Verdict {
  readonly canStart: boolean;
  /** Which driver `--vmm auto` takes and why, or that there is none; whole sentences. */
  readonly text: string;
}

/** The same choice as `--vmm auto` makes: libkrun where all is there that it needs, else QEMU. */
export function judge(outcomes: readonly Outcome[]): Verdict {
  const problems = outcomes.filter(({ state }) => state === 'problem');
  const problemsOf = (driver: DriverName) =>
    problems.filter(({ neededBy }) => neededBy.includes(driver)).map(({ name }) => name);
  const [ofLibkrun, ofQemu] = [problemsOf('libkrun'), problemsOf('qemu')];
  if (ofLibkrun.length === 0) {
    return { canStart: true, text: '"--vmm auto" takes libkrun: KVM is usable, and libkrun and libkrunfw load.' };
  }
  if (ofQemu.length === 0) {
    const choice = `"--vmm auto" takes QEMU, as libkrun has a problem here (${ofLibkrun.join(', ')}).`;
    const emulation = ' Without KVM it emulates the processor, which is slower.';
    return { canStart: true, text: `${choice}${ofLibkrun.includes('kvm') ? emulation : ''}` };
  }
  const text = `No virtual machine can start here: libkrun has a problem (${ofLibkrun.join(', ')}), and so has QEMU (${ofQemu.join(', ')}).`;
  return { canStart: false, text };
}
