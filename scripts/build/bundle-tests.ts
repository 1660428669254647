import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';
import { bundleOptions } from '../bundle-options.mjs';

/** Bundles programs of the tests, from a folder below test/ into one below dist/, with koffi's add-on beside them. */
export async function bundleTests(source: string, names: readonly string[], target: string): Promise<void> {
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
