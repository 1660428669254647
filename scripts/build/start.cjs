// @ts-check
'use strict';
/**
 * Runs a bundle with its V8 code cache:
 *
 *     node start.cjs BUNDLE [ARGUMENT…]
 *
 * The program sees the arguments of `node BUNDLE [ARGUMENT…]`. The cache is `BUNDLE.cache`; where it is missing, or
 * was made by another version of Node, V8 compiles as usual.
 */
const { readFileSync } = require('node:fs');
const { createRequire, Module } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/** Runs a bundle in this process. @param {string} path @returns its compiled script */
function startBundle(path) {
  // esbuild writes ASCII alone; as Latin-1 it becomes a string of one byte a character, with no decoding.
  const source = Module.wrap(readFileSync(path, 'latin1'));
  const script = new Script(source, { filename: path, cachedData: readCache(path) });
  const module = { exports: {} };
  script.runInThisContext().call(module.exports, module.exports, createRequire(path), module, path, dirname(path));
  return script;
}

/** @param {string} path */
function readCache(path) {
  try {
    return readFileSync(`${path}.cache`);
  } catch {
    return undefined;
  }
}

module.exports = { startBundle };

if (require.main === module) {
  process.argv.splice(1, 1);
  startBundle(process.argv[1] ?? '');
}
