/**
 * Makes the V8 code cache of each bundle: `dist/X.cjs.cache`, read by start.cjs. Every function is compiled, whether
 * the program will call it or not: nothing of a program runs here, as one of them mounts file systems.
 *
 *     node packages/build/code-cache.mjs [NAME…]
 */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Module } from 'node:module';
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const found = readdirSync('dist').filter((name) => name.startsWith('muvm') && name.endsWith('.cjs'));
const names = process.argv.length > 2 ? process.argv.slice(2).map((name) => `${name}.cjs`) : found;

for (const name of names) {
  const path = resolve('dist', name);
  const cache = compileAll(path);
  writeFileSync(`${path}.cache.new`, cache);
  renameSync(`${path}.cache.new`, `${path}.cache`);
  console.log(`build: dist/${name}.cache, ${Math.round(cache.length / 1024)} KiB`);
}

function compileAll(path) {
  const source = Module.wrap(readFileSync(path, 'latin1'));
  setFlagsFromString('--no-lazy');
  const script = new Script(source, { filename: path });
  // V8 writes a hash of its flags into the cache and refuses it under others.
  setFlagsFromString('--lazy');
  const cache = script.createCachedData();
  if (new Script(source, { filename: path, cachedData: cache }).cachedDataRejected) {
    throw new Error(`Cannot use the code cache of "${path}": V8 refuses it`);
  }
  return cache;
}
