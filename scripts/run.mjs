// @ts-check
/**
 * Runs a script of this repository, from any directory:
 *
 *     node scripts/run.mjs NAME [ARGUMENT…]      runs scripts/NAME.ts
 *
 * Plain JavaScript, because a fresh clone has no npm packages yet: they are installed first.
 */
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { installNpmPackages } from './npm-packages.mjs';

const root = dirname(import.meta.dirname);
process.chdir(root);
const [name = '', ...args] = process.argv.slice(2);

await main();

async function main() {
  const names = readdirSync('scripts').flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
  if (!names.includes(name)) return fail(`Cannot run script "${name}": expected one of ${names.join(', ')}`);
  const refusal = installNpmPackages();
  if (refusal !== undefined) return fail(refusal);
  const require = createRequire(import.meta.url);
  const outfile = resolve('dist/.scripts', `${name}-${process.pid}.cjs`);
  try {
    await bundle(outfile);
    process.argv = [process.argv[0] ?? '', resolve('scripts', `${name}.ts`), ...args];
    require(outfile);
  } finally {
    rmSync(outfile, { force: true });
  }
}

/** @param {string} outfile */
async function bundle(outfile) {
  const { build } = await import('esbuild');
  const { bundleOptions } = await import('./bundle-options.mjs');
  await build({
    ...bundleOptions,
    minifyWhitespace: false,
    entryPoints: [`scripts/${name}.ts`],
    outfile,
    sourcemap: 'inline',
    external: ['esbuild', ...bundleOptions.external],
  }).catch(() => process.exit(1));
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
