/**
 * Bundles each program into one CommonJS file under dist/, with koffi's add-on and the licences of what it contains
 * beside it.
 *
 *     node packages/build/bundle.mjs [NAME…]
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
import { join } from 'node:path';
import { build } from 'esbuild';
import { collectLicences } from './licences.mjs';

const PROGRAMS = {
  muvm: 'host/bin/muvm.ts',
  'muvm-supervisor': 'host/bin/muvm-supervisor.ts',
  'muvm-guest': 'guest-init/bin/muvm-guest.ts',
};

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PROGRAMS);

mkdirSync('dist', { recursive: true });
const inputs = new Set();
for (const name of names) {
  const found = await bundle(name).catch(() => {
    // esbuild has told what is wrong and where.
    process.exit(1);
  });
  for (const input of found) inputs.add(input);
}
copyKoffi();
replaceFile('dist/start.cjs', readFileSync('packages/build/start.cjs'));
writeFileSync('dist/LICENCES.txt', collectLicences(inputs));

async function bundle(name) {
  const { metafile, outputFiles } = await build({
    entryPoints: [PROGRAMS[name]],
    outfile: `dist/${name}.cjs`,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    metafile: true,
    // Names stay as they are, for the sake of stack traces; the rest only shortens what is read at start-up.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    supported: { 'dynamic-import': false },
    // Loaded by grpc-js only for its channelz service, which nothing here starts.
    external: ['@grpc/proto-loader'],
    define: {
      __MUVM_BUNDLED__: 'true',
      __MUVM_VERSION__: JSON.stringify(version),
      'import.meta.url': '__bundleUrl',
      'import.meta.filename': '__filename',
      'import.meta.dirname': '__dirname',
    },
    banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  const output = outputFiles.find((file) => file.path.endsWith('.cjs'));
  // V8 tells a cache from a stale one by the length of the source alone, so it goes first.
  rmSync(`dist/${name}.cjs.cache`, { force: true });
  replaceFile(`dist/${name}.cjs`, output.contents);
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
