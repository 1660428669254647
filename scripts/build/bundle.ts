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
import { bundleOptions } from '../bundle-options.mjs';
import { compileAll } from './code-cache.ts';
import { collectLicences } from './licences.ts';

const PROGRAMS = {
  muvm: 'host/bin/muvm.ts',
  'muvm-supervisor': 'host/bin/muvm-supervisor.ts',
  'muvm-vmm': 'host/bin/muvm-vmm.ts',
  'muvm-guest': 'guest-init/bin/muvm-guest.ts',
  'muvm-x11': 'guest-init/bin/muvm-x11.ts',
};

/** What must be there for an installation to run. */
export const PROGRAM_OUTPUTS: readonly string[] = [
  ...Object.keys(PROGRAMS).flatMap((name) => [`dist/${name}.cjs`, `dist/${name}.cjs.cache`]),
  ...['dist/koffi.node', 'dist/start.cjs', 'dist/LICENCES.txt', 'dist/share/man/man1/muvm.1'],
];

/**
 * Bundles each program into one CommonJS file under dist/ with its V8 code cache, and puts koffi's add-on and the licences of
 * the contents beside it.
 */
export async function bundlePrograms(): Promise<void> {
  mkdirSync('dist', { recursive: true });
  const inputs = new Set<string>();
  for (const [name, entry] of Object.entries(PROGRAMS)) {
    for (const input of await bundle(name, entry)) inputs.add(input);
  }
  copyKoffi();
  replaceFile('dist/start.cjs', readFileSync('scripts/build/start.cjs'));
  writeFileSync('dist/LICENCES.txt', collectLicences(inputs));
}

async function bundle(name: string, entry: string): Promise<string[]> {
  const { metafile, outputFiles } = await build({
    ...bundleOptions,
    entryPoints: [entry],
    outfile: `dist/${name}.cjs`,
    write: false,
    metafile: true,
  });
  const output = outputFiles.find((file) => file.path.endsWith('.cjs'));
  if (!output) throw new Error(`Cannot bundle "${entry}": esbuild wrote no file`);
  // V8 tells a cache from a stale one by the length of the source alone, so it goes first.
  rmSync(`dist/${name}.cjs.cache`, { force: true });
  replaceFile(`dist/${name}.cjs`, output.contents);
  replaceFile(`dist/${name}.cjs.cache`, compileAll(output.text, resolve(`dist/${name}.cjs`)));
  console.log(`build: dist/${name}.cjs, ${Math.round(output.contents.length / 1024)} KiB`);
  return Object.keys(metafile.inputs);
}

// A program that starts meanwhile reads the old file or the new one, never half of one.
function replaceFile(path: string, contents: Uint8Array): void {
  writeFileSync(`${path}.new`, contents);
  renameSync(`${path}.new`, path);
}

function copyKoffi(): void {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const libc = header.glibcVersionRuntime === undefined ? 'musl' : 'linux';
  const file = join('node_modules/@koromix', `koffi-linux-${process.arch}`, `${libc}_${process.arch}`, 'koffi.node');
  if (!existsSync(file)) throw new Error(`Cannot find koffi's add-on for this host at "${file}"`);
  copyFileSync(file, 'dist/koffi.node.new');
  chmodSync('dist/koffi.node.new', 0o755);
  renameSync('dist/koffi.node.new', 'dist/koffi.node');
}
