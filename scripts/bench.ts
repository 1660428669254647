/**
 * Measures both drivers; prints a table and writes test/results/bench.json. Without usable KVM, libkrun runs in a guest of the
 * qemu driver.
 *
 *     node scripts/run.mjs bench [PART…]     all parts by default; DRIVER or MUVM_TEST_VMM names the one driver to measure
 */
import { runBench } from '../test/benchmarks/orchestrator/index.ts';
import { build, hasSystemPackages } from './build/build.ts';
import { bundleTests } from './build/bundle-tests.ts';
import { runScript } from './build/script.ts';
import { checkQemu } from './test/prepare.ts';

runScript('bench', async () => {
  if (!hasSystemPackages('test', { install: true })) {
    return 1;
  }
  await build();
  checkQemu();
  // As deep as test/framework, which finds the repository by that.
  await bundleTests('benchmarks', ['worker', 'relay', 'network-peer', 'fences-peer', 'x11-bridge'], 'bench');
  await bundleTests('x11', ['bridge-peer'], 'bench/x11');
  const driver = process.env['DRIVER'] || process.env['MUVM_TEST_VMM'];
  return await runBench({ parts: process.argv.slice(2), driver });
});
