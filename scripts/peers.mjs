/** Bundles to dist/peers what tests run as processes of their own, in the guest or beside it. */
import { bundleTests } from './bundle-tests.mjs';

const peers = [
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
await bundleTests('peers', peers, 'peers');
await bundleTests('x11', ['bridge-peer'], 'peers');
await bundleTests('x11/scripted', ['server', 'client'], 'peers/x11-scripted');
