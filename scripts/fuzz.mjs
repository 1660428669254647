/** Bundles the fuzzer to dist/fuzz and runs it. The environment has what "make fuzz" was told. */
import { spawnSync } from 'node:child_process';
import { bundleTests } from './bundle-tests.mjs';

const { FUZZ_SECONDS, FUZZ_SEED, FUZZ_COUNT, FUZZ_ENGINE } = process.env;
const words = [
  FUZZ_SECONDS || '60',
  FUZZ_SEED || `${Date.now() % 1_000_000_000}`,
  FUZZ_COUNT || '0',
  FUZZ_ENGINE || 'socket',
];

await bundleTests('x11/fuzz', ['main'], 'fuzz');
const { status } = spawnSync(process.execPath, ['dist/fuzz/main.cjs', ...words], { stdio: 'inherit' });
process.exitCode = status ?? 1;
