/** Runs one program in a microVM and prints the time of each phase. Installs missing packages of the system if it may. */
import { build, hasSystemPackages } from './build/build.ts';
import { run, runScript } from './build/script.ts';

runScript('demo', async () => {
  if (!hasSystemPackages('run', { install: true })) return 1;
  await build();
  run('scripts/demo.sh', process.getuid?.() === 0 ? ['--allow-root'] : []);
  return 0;
});
