import { reasonOf } from '@muvm/errors';
import type { FileLog } from '@muvm/log';
import type { GuestRpc } from '../driver/index.ts';
import { setGuestClock } from './guest-calls.ts';

// A host that slept, or an emulated counter that runs a little fast, shows within this.
const INTERVAL_MS = 60_000;
const TIMEOUT_MS = 2000;

/**
 * Keeps the guest's wall clock at the host's while a command runs for long: files that both write must not seem to come from
 * the future. Each call brings the time with it, so the first one here comes late. Disposal ends it.
 */
export function syncClock(rpc: GuestRpc, log: FileLog): Disposable {
  const sync = () =>
    setGuestClock(rpc, TIMEOUT_MS).catch((error) => log.warn(`clock of the guest was not set: ${reasonOf(error)}`));
  const timer = setInterval(() => void sync(), INTERVAL_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
