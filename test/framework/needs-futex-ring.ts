import { canWaitInRing } from '../../packages/linux/src/futex/create-watcher.ts';
import type { SkipReason } from './skip.ts';

/** For a test that waits for futexes with io_uring. */
export function needsFutexRing(): SkipReason {
  return canWaitInRing() ? undefined : 'the kernel has no futexes in io_uring';
}
