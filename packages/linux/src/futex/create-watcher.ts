import { OPCODES, Ring } from '../io-uring/index.ts';
import { RingWatcher } from './ring-watcher.ts';
import { TimerWatcher } from './timer-watcher.ts';
import type { FutexWatcher } from './watcher.ts';

/** By io_uring where the kernel has it (6.7) and allows it, else by a timer. OWNERSHIP: disposal ends all it watches. */
export function createFutexWatcher(useRing = canWaitInRing()): FutexWatcher {
  return useRing ? new RingWatcher() : new TimerWatcher();
}

/** Refusals are many: no such call, a sysctl, a seccomp filter, flags or an operation that are newer than the kernel. */
export function canWaitInRing(): boolean {
  try {
    using ring = new Ring(1, 1);
    return ring.isSupported(OPCODES.futexWait);
  } catch {
    return false;
  }
}
