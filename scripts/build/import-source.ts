import { createRequire, Module } from 'node:module';
import { resolve } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { bundleOptions } from '../bundle-options.mjs';

/** Imports a TypeScript file of the repository with its imports, as one bundle in memory. @throws esbuild's BuildFailure */
export async function importSource<Exports>(path: string): Promise<Exports> {
  const { outputFiles } = await build({ ...bundleOptions, entryPoints: [path], write: false, logLevel: 'error' });
  const filename = resolve(path);
  const script = new Script(Module.wrap(outputFiles[0]?.text ?? ''), { filename });
  const module = { exports: {} };
  script.runInThisContext().call(module.exports, module.exports, createRequire(filename), module, filename);
  return module.exports as Exports;
}
