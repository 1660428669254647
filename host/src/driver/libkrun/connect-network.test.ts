import { expect, test } from '@jest/globals';
import { Scope } from '@muvm/lifetime';
import type { NetworkPlan } from '../../config/vm-plan.ts';
import { connectNetwork } from './connect-network.ts';
import type { KrunParts } from './parts.ts';

const NOTHING: NetworkPlan = { publishedPorts: [], passtSocket: undefined, passtArgs: [] };

/** What is said and thrown with a library that was built without network. */
async function withoutNet(plan: Partial<NetworkPlan>): Promise<string[]> {
  const said: string[] = [];
  const libkrun = { path: '/lib/libkrun.so.1', feature: () => false } as unknown as KrunParts['libkrun'];
  const context = { log: undefined as never, onNotice: (sentence: string) => void said.push(sentence) };
  await using scope = new Scope();
  const network = await connectNetwork({ libkrun }, { ...NOTHING, ...plan }, context, scope);
  expect(network).toEqual({ peer: undefined, publishedPorts: [] });
  return said;
}

test('connectNetwork() says that a library has no network', async () => {
  expect(await withoutNet({})).toEqual(['the guest has no network, as "/lib/libkrun.so.1" was built without it']);
});

test.each<Partial<NetworkPlan>>([
  { publishedPorts: [{ protocol: 'tcp', address: undefined, hostPort: 80, guestPort: 80, count: 1 }] },
  { passtSocket: '/run/passt.sock' },
  { passtArgs: ['-4'] },
])('connectNetwork() refuses %j of a library that has none', async (plan) => {
  await expect(withoutNet(plan)).rejects.toMatchObject({
    code: 'MISSING_PART',
    message: 'Cannot connect the guest to the network as wished as "/lib/libkrun.so.1" was built without it',
  });
});
