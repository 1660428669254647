/** Bundles programs of the tests into a folder below dist/, with koffi's add-on beside them. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

/** @param {string} source folder below test/ @param {readonly string[]} names @param {string} target folder below dist/ */
export async function bundleTests(source, names, target) {
  mkdirSync(`dist/${target}`, { recursive: true });
  for (const name of names) {
    await build({
      ...bundleOptions,
      entryPoints: [`test/${source}/${name}.ts`],
      outfile: `dist/${target}/${name}.cjs`,
    });
  }
  copyFileSync('dist/koffi.node', `dist/${target}/koffi.node`);
}
