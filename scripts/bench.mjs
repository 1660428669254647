/** Bundles the benchmarks to dist/bench, as deep as test/framework, which finds the repository by that; then runs bench.ts. */
import { bundleTests } from './bundle-tests.mjs';
import { importSource } from './import-source.mjs';

await bundleTests('benchmarks', ['worker', 'relay', 'network-peer', 'fences-peer', 'x11-bridge'], 'bench');
await bundleTests('x11', ['bridge-peer'], 'bench/x11');
await importSource('scripts/bench.ts');
