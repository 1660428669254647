/** Bundles the benchmarks to dist/bench and runs them. They lie as deep as test/framework, which finds the repository by that. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

mkdirSync('dist/bench', { recursive: true });
for (const name of ['main', 'relay']) {
  await build({
    ...bundleOptions,
    entryPoints: [`test/benchmarks/${name}.ts`],
    outfile: `dist/bench/${name}.cjs`,
  });
}
copyFileSync('dist/koffi.node', 'dist/bench/koffi.node');
process.exitCode = spawnSync(process.execPath, ['dist/bench/main.cjs'], { stdio: 'inherit' }).status ?? 1;
