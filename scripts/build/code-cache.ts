import { Module } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/**
 * Returns the V8 code cache of a bundle for start.cjs. Every function is compiled, because nothing of a program may run
 * here: one of them mounts file systems.
 *
 * @param text the bundle
 * @param path where it will be, absolute
 */
export function compileAll(text: string, path: string): Buffer {
  const source = Module.wrap(text);
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
