import { dirname, join } from 'node:path';
import { reasonOf } from '@muvm/errors';
import { onceReadable, runAs, spawnProcess } from '@muvm/linux';
import type { GuestConfig } from '@muvm/protocol/contract';
import { accountOf, type Children } from '../exec/index.ts';
import { bridged } from './prepare-x11.ts';

/** A bridge that ends at once is not started again at once. */
const PAUSE_MS = 1000;

export interface BridgeOptions {
  readonly config: Pick<GuestConfig, 'user' | 'environment'>;
  readonly children: Pick<Children, 'watch'>;
  /** Takes what the bridge says. */
  readonly consoleFd: number;
}

/**
 * Starts the bridge as soon as a client is there, and again for the next client when it has ended: nothing runs for a machine
 * without windows. It is a process of its own, so that what ends it ends nothing else.
 */
export function serveBridge(options: BridgeOptions): void {
  const { listener } = bridged;
  if (listener !== undefined) onceReadable(listener, () => startBridge(listener, options));
}

function startBridge(listener: number, options: BridgeOptions): void {
  const { config, children, consoleFd } = options;
  const account = accountOf('user', config);
  const bundles = dirname(import.meta.filename);
  const argv = ['node', join(bundles, 'start.cjs'), join(bundles, 'muvm-x11.cjs')];
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', XDG_RUNTIME_DIR: account.runtimeDirectory };
  const again = () => setTimeout(() => serveBridge(options), PAUSE_MS).unref();
  try {
    const pid = runAs(account, () =>
      // It takes its clients from its standard input.
      spawnProcess({ path: process.execPath, argv, env, workdir: '/', stdio: [listener, consoleFd, consoleFd] }),
    );
    children.watch(pid, () => serveBridge(options));
  } catch (error) {
    process.stderr.write(`Cannot start the X11 bridge: ${reasonOf(error)}\n`);
    again();
  }
}
