/** Bundles the recorder to dist/record and runs it. Arguments: those of test/x11/record/main.ts. */
import { spawnSync } from 'node:child_process';
import { bundleTests } from './bundle-tests.mjs';

await bundleTests('x11/record', ['main'], 'record');
const { status } = spawnSync(process.execPath, ['dist/record/main.cjs', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
