import { reasonOf } from '@muvm/errors';
import type { FileLog } from '@muvm/log';
import type { GuestRpc } from '../driver/index.ts';
import { setGuestClock } from './guest-calls.ts';

// A host that slept, or an emulated counter that runs a little fast, shows within this.
const INTERVAL_MS = 60_000;
const TIMEOUT_MS = 2000;

/**
 * Keeps the guest's wall clock at the host's: files that both write must not seem to come from the future. The first time
 * is over when the promise resolves; disposal ends the others.
 */
export async function syncClock(rpc: GuestRpc, log: FileLog): Promise<Disposable> {
  const sync = () =>
    setGuestClock(rpc, TIMEOUT_MS).catch((error) => log.warn(`clock of the guest was not set: ${reasonOf(error)}`));
  await sync();
  const timer = setInterval(() => void sync(), INTERVAL_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
