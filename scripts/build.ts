/**
 * Builds the programs into dist/. Needs Node and npm only and never touches the packages of the system.
 *
 *     node scripts/run.mjs build
 */
import { build, hasSystemPackages } from './build/build.ts';
import { runScript } from './build/script.ts';

runScript('build', async () => {
  await build();
  if (!hasSystemPackages('run', { install: false })) process.stderr.write('build: done; VMs need the packages above\n');
});
