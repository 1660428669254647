/** Bundles to dist/peers what tests run in the guest. */
import { bundleTests } from './bundle-tests.mjs';

await bundleTests('peers', ['shared-memory', 'network', 'virtgpu', 'futex-wait'], 'peers');
await bundleTests('x11', ['bridge-peer'], 'peers');
