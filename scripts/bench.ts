/**
 * Measures both drivers; prints a table and writes test/results/bench.json. Without usable KVM, libkrun runs in a guest of the
 * qemu driver.
 *
 *     bench.ts [PART…]     all parts by default; DRIVER or MUVM_TEST_VMM names the one driver to measure
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
