import { MuvmError } from '@muvm/errors';
import type { Scope } from '@muvm/lifetime';
import type { NetworkPlan } from '../../config/vm-plan.ts';
import { type Network, openNetwork } from '../../network/index.ts';
import type { DriverContext } from '../driver.ts';
import type { KrunParts } from './parts.ts';

const NONE: Network = { peer: undefined, publishedPorts: [] };

/**
 * Opens a network where both passt and the library are made for one. Where the guest is to have none, that is said.
 *
 * @throws MuvmError MISSING_PART where what was asked of the network needs one
 */
export async function connectNetwork(
  { libkrun }: Pick<KrunParts, 'libkrun'>,
  plan: NetworkPlan,
  context: Pick<DriverContext, 'log' | 'onNotice'>,
  scope: Scope,
): Promise<Network> {
  if (libkrun.feature('NET') === false) return without(libkrun.path, plan, context.onNotice);
  const network = await openNetwork(plan, { ...context, vmmCanPublish: false }, scope);
  if (!network.peer) context.onNotice('the guest has no network, as there is no "passt" in PATH');
  return network;
}

function without(path: string, plan: NetworkPlan, onNotice: (sentence: string) => void): Network {
  const reason = `"${path}" was built without it`;
  if (plan.publishedPorts.length + plan.passtArgs.length > 0 || plan.passtSocket !== undefined) {
    throw new MuvmError('MISSING_PART', `Cannot connect the guest to the network as wished as ${reason}`, {
      hint: 'Take a libkrun that was built with NET, or --vmm qemu.',
    });
  }
  onNotice(`the guest has no network, as ${reason}`);
  return NONE;
}
