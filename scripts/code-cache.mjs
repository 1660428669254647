import { Module } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/**
 * The V8 code cache of a bundle, as start.cjs reads it. Every function is compiled, whether the program will call it or
 * not: nothing of a program runs here, as one of them mounts file systems.
 *
 * @param text the bundle
 * @param path where it will be, absolute
 */
export function compileAll(text, path) {
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
