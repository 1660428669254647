import { knob } from '@muvm/log/knobs';
import { type KvmAnswer, probeKvm } from '../driver/probe-kvm.ts';
import { type Finding, ok, problem } from './check.ts';

/** Whether KVM really runs guests here. */
export function checkKvm(
  answer: KvmAnswer = probeKvm(),
  devicePath: string = knob('MUVM_DEBUG_KVM_DEVICE') ?? '/dev/kvm',
): Finding {
  if (answer.usable) return ok(`"${devicePath}" is usable: it made a virtual machine with a CPU`);
  const { reason, hint } = answer;
  return problem(reason.includes(devicePath) ? reason : `"${devicePath}" cannot be used: ${reason}`, hint);
}
