/** Bundles the fuzzer to dist/fuzz and runs it. Environment: FUZZ_SECONDS, FUZZ_SEED, FUZZ_COUNT, FUZZ_ENGINE. */
import { runTests } from './build/run-tests.ts';

if (process.argv.length > 2) {
  process.stderr.write(
    `fuzz: Cannot use "${process.argv[2]}": expected no argument; see "make fuzz SECONDS=60 SEED=1"\n`,
  );
  process.exit(1);
}

const { FUZZ_SECONDS, FUZZ_SEED, FUZZ_COUNT, FUZZ_ENGINE } = process.env;

runTests('x11/fuzz', 'fuzz', [
  FUZZ_SECONDS || '60',
  FUZZ_SEED || `${Date.now() % 1_000_000_000}`,
  FUZZ_COUNT || '0',
  FUZZ_ENGINE || 'socket',
]);
