import type { MuvmError } from '@muvm/errors';
import type { NetworkPeer } from '../../network/index.ts';

/** The end of a machine, which a network that refuses what was asked of it brings about as well. */
export function withNetwork(
  ended: Promise<string | MuvmError>,
  network: NetworkPeer | undefined,
  watch: Parameters<NetworkPeer['watch']>[0],
): Promise<string | MuvmError> {
  return network ? Promise.race([ended, network.watch(watch)]) : ended;
}
