/**
 * Measures both drivers, as a table and as JSON in test/results/bench.json: libkrun where KVM is usable on this host, else in a
 * guest of the qemu driver.
 *
 *     bench.ts [PART…]     all parts, or those that are named; DRIVER or MUVM_TEST_VMM is the one driver to measure, if set
 */
import { runBench } from '../test/benchmarks/orchestrator/index.ts';

const driver = process.env['DRIVER'] || process.env['MUVM_TEST_VMM'];

runBench({ parts: process.argv.slice(2), driver }).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
