import type { GuestConfig } from '@muvm/protocol/contract';
import type { GuestServiceOptions } from '../exec/index.ts';
import type { RpcServer } from '../rpc/index.ts';

/** What a machine serves with, whatever its transport. */
export interface ServeOptions
  extends Omit<GuestServiceOptions, 'identityOf' | 'powerOff' | 'setClock' | 'setKernelValue' | 'config'> {
  readonly config: GuestConfig;
}

/** How long the last answers may take to leave. */
const FAREWELL_MS = 500;

/** Lets the last answers out, then stops. */
export async function leave(servers: readonly RpcServer[], stop: AbortController): Promise<void> {
  const timer = setTimeout(() => stop.abort(), FAREWELL_MS);
  await Promise.all(servers.map((server) => server.close()));
  clearTimeout(timer);
  stop.abort();
}
