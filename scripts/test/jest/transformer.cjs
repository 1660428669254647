// @ts-check
'use strict';
/**
 * Compiles our TypeScript and every ES module to CommonJS with swc. Dependencies that are CommonJS already stay as they are:
 * the extension decides, then `type` of the nearest package.json (nodejs.org/api/packages.html#type).
 */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { dirname, extname, join } = require('node:path');
const swc = require('@swc/jest');

const inner = /** @type {import('@jest/transform').SyncTransformer} */ (
  swc.createTransformer({
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: {
      // Node 20 has no `using`; for this target swc compiles it away.
      target: 'es2022',
      parser: { syntax: 'typescript' },
    },
  })
);
const isModule = new Map();

/** @param {string} path */
function isEsModule(path) {
  const extension = extname(path);
  return extension === '.mjs' || (extension !== '.cjs' && isModuleFolder(dirname(path)));
}

/**
 * @param {string} folder
 * @returns {boolean}
 */
function isModuleFolder(folder) {
  let answer = isModule.get(folder);
  if (answer === undefined) {
    const type = typeOf(folder);
    answer = type === undefined ? folder !== dirname(folder) && isModuleFolder(dirname(folder)) : type === 'module';
    isModule.set(folder, answer);
  }
  return answer;
}

/** @param {string} folder @returns undefined if the folder is not the root of a package */
function typeOf(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type ?? 'commonjs';
  } catch {
    return undefined;
  }
}

/** @param {string} text */
const hashOf = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** @param {string} path */
const isOurs = (path) => !path.includes('/node_modules/');

// Jest's cache must not keep what another version of this file made.
const ownSource = readFileSync(__filename, 'utf8');

module.exports = {
  ...inner,
  /** @type {NonNullable<import('@jest/transform').SyncTransformer['getCacheKey']>} */
  getCacheKey: (source, path, options) => `${inner.getCacheKey?.(source, path, options)}-${hashOf(ownSource)}`,
  /**
   * @param {string} source
   * @param {string} path
   * @param {import('@jest/transform').TransformOptions<unknown>} options
   */
  process: (source, path, options) =>
    isOurs(path) || isEsModule(path) ? inner.process(source, path, options) : { code: source },
};
