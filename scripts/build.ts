/**
 * Builds the programs into dist/. Needs Node and npm only and never touches the packages of the system.
 *
 *     node scripts/run.mjs build [--tests]      --tests adds the fixtures of the tests
 */
import { build, buildTests, hasSystemPackages } from './build/build.ts';
import { runScript } from './build/script.ts';

runScript('build', async () => {
  await (process.argv.includes('--tests') ? buildTests() : build());
  if (!hasSystemPackages('run', { install: false })) process.stderr.write('build: done; VMs need the packages above\n');
});
