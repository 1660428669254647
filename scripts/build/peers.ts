import { bundleTests } from './bundle-tests.ts';

const FIXTURES = [
  'shared-memory',
  'network',
  'fences',
  'fence-client',
  'fence-mover',
  'virtgpu',
  'vsock-loopback',
  'futex-wait',
  'x11-clients',
];

export const FIXTURE_OUTPUTS: readonly string[] = [
  ...[...FIXTURES, 'bridge-peer', 'x11-scripted/server', 'x11-scripted/client'].map((name) => `dist/peers/${name}.cjs`),
  'dist/peers/koffi.node',
];

/** Bundles to dist/peers the programs that tests run in the guest or beside it. */
export async function bundleFixtures(): Promise<void> {
  await bundleTests('peers', FIXTURES, 'peers');
  await bundleTests('x11', ['bridge-peer'], 'peers');
  await bundleTests('x11/scripted', ['server', 'client'], 'peers/x11-scripted');
}
