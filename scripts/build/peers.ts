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

/** Bundles to dist/peers the programs that tests run in the guest or beside it. */
export async function bundleFixtures(): Promise<void> {
  await bundleTests('peers', FIXTURES, 'peers');
  await bundleTests('x11', ['bridge-peer'], 'peers');
  await bundleTests('x11/scripted', ['server', 'client'], 'peers/x11-scripted');
}
