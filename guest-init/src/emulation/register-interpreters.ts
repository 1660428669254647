import { writeFileSync } from 'node:fs';
import { MuvmError, reasonOf } from '@muvm/errors';
import type { GuestConfig, Interpreter } from '@muvm/protocol/contract';
import { renderBinfmtRule } from './binfmt-rule.ts';

const REGISTER = '/proc/sys/fs/binfmt_misc/register';

/**
 * Tells the guest's kernel who runs programs of other processors. It is a kernel of the guest's own, so there are no rules
 * before these.
 *
 * @returns why optional ones are not there @throws MuvmError BOOT_FAILED for those that were asked for
 */
export function registerInterpreters(
  { emulation }: Pick<GuestConfig, 'emulation'>,
  register = REGISTER,
): string | undefined {
  const { interpreters, isOptional } = emulation;
  if (interpreters.length === 0) return 'there are none';
  const reasons = interpreters.map((each) => attempt(each, register)).filter((reason) => reason !== undefined);
  if (reasons.length === 0) return undefined;
  if (!isOptional) throw new MuvmError('BOOT_FAILED', reasons.join('; '));
  return reasons.join('; ');
}

function attempt(interpreter: Interpreter, register: string): string | undefined {
  try {
    // One write is one rule; the file is not to be made where the kernel has none.
    writeFileSync(register, renderBinfmtRule(interpreter), { flag: 'r+' });
    return undefined;
  } catch (error) {
    return `Cannot run programs of ${interpreter.architecture} with "${interpreter.path}": ${reasonOf(error)}`;
  }
}
