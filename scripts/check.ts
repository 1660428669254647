/** Compiles, lints, and checks the rules of the repository. */
import { generateProtocol } from './build/generate.ts';
import { run, runScript } from './build/script.ts';

runScript('check', async () => {
  await generateProtocol();
  run('node_modules/.bin/tsc', ['-p', '.']);
  run('node_modules/.bin/biome', ['check']);
  run('node_modules/.bin/jest', ['--selectProjects', 'house']);
});
