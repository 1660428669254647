import { MuvmError } from '@muvm/errors';
import type { VmmChoice } from '../config/vm-plan.ts';
import type { Driver } from './driver.ts';
import { qemuDriver } from './qemu/index.ts';

/**
 * The driver of a choice.
 *
 * @throws MuvmError MISSING_PART where the choice cannot be had
 */
export function selectDriver(choice: VmmChoice): Driver {
  if (choice !== 'libkrun') return qemuDriver;
  throw new MuvmError(
    'MISSING_PART',
    'Cannot use the driver "libkrun" as this version of muvm has the driver "qemu" alone',
    {
      hint: 'Use --vmm auto or --vmm qemu.',
    },
  );
}
