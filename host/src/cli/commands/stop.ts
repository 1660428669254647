import { MuvmError } from '@muvm/errors';
import type { Settings } from '../../config/index.ts';
import { stopVm } from '../../control/index.ts';
import type { Ending } from '../report-error.ts';

/** Returns when nothing of the VM is left. @throws MuvmError NOT_RUNNING where there is nothing to stop */
export async function stop({ name }: Settings): Promise<Ending> {
  if (await stopVm(name)) return { status: 0 };
  throw new MuvmError('NOT_RUNNING', `Cannot stop VM "${name}" as it is not running`, {
    hint: 'See "muvm --status" for what runs.',
  });
}
