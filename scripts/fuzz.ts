/** Bundles the fuzzer to dist/fuzz and runs it. Environment: FUZZ_SECONDS, FUZZ_SEED, FUZZ_COUNT, FUZZ_ENGINE. */
import { runTests } from './build/run-tests.ts';

const { FUZZ_SECONDS, FUZZ_SEED, FUZZ_COUNT, FUZZ_ENGINE } = process.env;

runTests('x11/fuzz', 'fuzz', [
  FUZZ_SECONDS || '60',
  FUZZ_SEED || `${Date.now() % 1_000_000_000}`,
  FUZZ_COUNT || '0',
  FUZZ_ENGINE || 'socket',
]);
