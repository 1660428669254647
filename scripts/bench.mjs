/**
 * Bundles the benchmarks to dist/bench and runs them for both drivers: libkrun where KVM is usable on this machine, else in a
 * guest of the qemu driver. They lie as deep as test/framework, which finds the repository by that.
 *
 *     node bench.mjs [PART…]     all parts, or those that are named; MUVM_TEST_VMM is the one driver to measure, if set
 */
import { spawnSync } from 'node:child_process';
import { bundleTests } from './bundle-tests.mjs';

const MAIN = 'dist/bench/main.cjs';
const PARTS = process.argv.slice(2);
/** Needs no machine, so it is the same with every driver. */
const X11 = 'x11';
const ONLY = process.env.MUVM_TEST_VMM;
const REPORTS = { qemu: 'test/results/bench.json', libkrun: 'test/results/bench-libkrun/bench.json' };

await bundleTests(
  'benchmarks',
  ['main', 'relay', 'network-peer', 'fences-peer', 'table', 'x11', 'x11-bridge'],
  'bench',
);
await bundleTests('x11', ['bridge-peer'], 'bench/x11');
if (PARTS.length === 0 || PARTS.includes(X11)) run(process.execPath, ['dist/bench/x11.cjs']);
const MACHINE_PARTS = PARTS.filter((part) => part !== X11);
if (PARTS.length > 0 && MACHINE_PARTS.length === 0) process.exit(0);
const drivers = Object.keys(REPORTS).filter((driver) => !ONLY || driver === ONLY);
for (const driver of drivers) measure(driver);
run(process.execPath, ['dist/bench/table.cjs', ...drivers.map((driver) => REPORTS[driver])]);

function measure(driver) {
  if (driver === 'qemu') run(process.execPath, [MAIN, ...MACHINE_PARTS], { MUVM_TEST_VMM: driver });
  else if (isKvmUsable()) {
    run(process.execPath, [MAIN, ...MACHINE_PARTS], {
      MUVM_TEST_VMM: driver,
      MUVM_TEST_RESULTS: `${process.cwd()}/test/results/bench-libkrun`,
    });
  } else {
    console.error('bench: libkrun: in a guest, as there is no usable KVM here');
    run('scripts/test-libkrun.sh', ['bench-libkrun', process.execPath, MAIN, ...MACHINE_PARTS]);
  }
}

function run(program, args, env = {}) {
  const { status } = spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
}

function isKvmUsable() {
  const { stdout } = spawnSync(process.execPath, ['host/bin/muvm.cjs', '--doctor', '--json']);
  return JSON.parse(stdout.toString()).some(({ name, state }) => name === 'kvm' && state === 'ok');
}
