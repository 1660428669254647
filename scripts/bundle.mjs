/**
 * Bundles each program into one CommonJS file under dist/ with its V8 code cache, and puts koffi's add-on and the
 * licences of what it contains beside it.
 *
 *     node scripts/bundle.mjs [NAME…]
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';
import { compileAll } from './code-cache.mjs';
import { collectLicences } from './licences.mjs';

const PROGRAMS = {
  muvm: 'host/bin/muvm.ts',
  'muvm-supervisor': 'host/bin/muvm-supervisor.ts',
  'muvm-vmm': 'host/bin/muvm-vmm.ts',
  'muvm-guest': 'guest-init/bin/muvm-guest.ts',
  'muvm-x11': 'guest-init/bin/muvm-x11.ts',
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PROGRAMS);

mkdirSync('dist', { recursive: true });
const inputs = new Set();
for (const name of names) {
  const found = await bundle(name).catch((error) => {
    if (!error.errors) throw error;
    // esbuild has told what is wrong and where.
    process.exit(1);
  });
  for (const input of found) inputs.add(input);
}
copyKoffi();
replaceFile('dist/start.cjs', readFileSync('scripts/start.cjs'));
writeFileSync('dist/LICENCES.txt', collectLicences(inputs));

async function bundle(name) {
  const { metafile, outputFiles } = await build({
    ...bundleOptions,
    entryPoints: [PROGRAMS[name]],
    outfile: `dist/${name}.cjs`,
    write: false,
    metafile: true,
  });
  const output = outputFiles.find((file) => file.path.endsWith('.cjs'));
  // V8 tells a cache from a stale one by the length of the source alone, so it goes first.
  rmSync(`dist/${name}.cjs.cache`, { force: true });
  replaceFile(`dist/${name}.cjs`, output.contents);
  replaceFile(`dist/${name}.cjs.cache`, compileAll(output.text, resolve(`dist/${name}.cjs`)));
  console.log(`build: dist/${name}.cjs, ${Math.round(output.contents.length / 1024)} KiB`);
  return Object.keys(metafile.inputs);
}

// A program that starts meanwhile sees the old file or the new one, never half of one.
function replaceFile(path, contents) {
  writeFileSync(`${path}.new`, contents);
  renameSync(`${path}.new`, path);
}

function copyKoffi() {
  const libc = process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'linux';
  const file = join('node_modules/@koromix', `koffi-linux-${process.arch}`, `${libc}_${process.arch}`, 'koffi.node');
  if (!existsSync(file)) throw new Error(`Cannot find koffi's add-on for this machine at "${file}"`);
  copyFileSync(file, 'dist/koffi.node.new');
  chmodSync('dist/koffi.node.new', 0o755);
  renameSync('dist/koffi.node.new', 'dist/koffi.node');
}
