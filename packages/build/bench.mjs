/** Bundles the benchmarks to dist/bench and runs them. They lie as deep as test/framework, which finds the repository by that. */
import { spawnSync } from 'node:child_process';
import { bundleTests } from './bundle-tests.mjs';

await bundleTests('benchmarks', ['main', 'relay'], 'bench');
process.exitCode = spawnSync(process.execPath, ['dist/bench/main.cjs'], { stdio: 'inherit' }).status ?? 1;
