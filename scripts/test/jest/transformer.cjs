'use strict';
/**
 * Compiles our TypeScript and every ES module to CommonJS with swc. Dependencies that are CommonJS already stay as they are:
 * the extension decides, then `type` of the nearest package.json (nodejs.org/api/packages.html#type).
 */
const { readFileSync } = require('node:fs');
const { dirname, extname, join } = require('node:path');
const swc = require('@swc/jest');

const inner = swc.createTransformer({
  sourceMaps: 'inline',
  module: { type: 'commonjs' },
  jsc: {
    // Node 20 has no `using`; for this target swc compiles it away.
    target: 'es2022',
    parser: { syntax: 'typescript' },
  },
});
const isModule = new Map();

function isEsModule(path) {
  const extension = extname(path);
  return extension === '.mjs' || (extension !== '.cjs' && isModuleFolder(dirname(path)));
}

function isModuleFolder(folder) {
  let answer = isModule.get(folder);
  if (answer === undefined) {
    const type = typeOf(folder);
    answer = type === undefined ? folder !== dirname(folder) && isModuleFolder(dirname(folder)) : type === 'module';
    isModule.set(folder, answer);
  }
  return answer;
}

/** @returns undefined if the folder is not the root of a package */
function typeOf(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type ?? 'commonjs';
  } catch {
    return undefined;
  }
}

const isOurs = (path) => !path.includes('/node_modules/');

module.exports = {
  ...inner,
  process: (source, path, options) =>
    isOurs(path) || isEsModule(path) ? inner.process(source, path, options) : { code: source },
};
