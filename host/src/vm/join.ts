import { delay, timedOut } from '@muvm/lifetime';
import type { VmPlan } from '../config/vm-plan.ts';
import { canConnect } from './can-connect.ts';
import { takeLock } from './lock.ts';
import { vmFile } from './run-directory.ts';
import { startSupervisor } from './start-supervisor.ts';

/** A VM whose sockets accept connections. Calls made before its guest is up are held by its supervisor. */
export interface JoinedVm {
  readonly userSocket: string;
  readonly rootSocket: string;
  /** Whether this call started it. */
  readonly started: boolean;
}

export interface JoinOptions {
  readonly signal: AbortSignal;
}

const POLL_INTERVAL_MS = 20;
// An ending VM is given 10 s to write everything back, and its janitor clears away in well under a second.
const ENDING_TIMEOUT_MS = 30_000;

/**
 * Finds the VM of a plan's name, or starts it. Of several that start in the same instant one takes the lock and
 * starts the supervisor; the others wait for its sockets.
 *
 * @throws MuvmError of whatever kept the VM from starting
 */
export async function joinVm(plan: VmPlan, { signal }: JoinOptions): Promise<JoinedVm> {
  const sockets = { userSocket: vmFile(plan.name, 'userSocket'), rootSocket: vmFile(plan.name, 'rootSocket') };
  const latestMs = Date.now() + ENDING_TIMEOUT_MS;
  while (Date.now() < latestMs) {
    signal.throwIfAborted();
    if (await canConnect(sockets.userSocket)) return { ...sockets, started: false };
    using lock = takeLock(plan.name);
    if (lock) {
      await startSupervisor(plan, lock);
      return { ...sockets, started: true };
    }
    await delay(POLL_INTERVAL_MS, signal);
  }
  throw timedOut(
    `VM "${plan.name}" did not end`,
    ENDING_TIMEOUT_MS,
    `Look at "muvm --logs --name ${plan.name}" to see what it waits for.`,
  );
}
