/**
 * Three suites: `unit` (beside the code, and of what is installed; boots nothing), `house` (rules about the repository itself) and `vm` (boots
 * machines; run it with --runInBand). Everything is compiled to CommonJS file by file, dependencies that exist as ES
 * modules only included.
 */
const COMPILED_DEPENDENCIES = [
  '@sec-ant',
  '@sindresorhus',
  'execa',
  'figures',
  'get-stream',
  'human-signals',
  'is-plain-obj',
  'is-stream',
  'is-unicode-supported',
  'npm-run-path',
  'parse-ms',
  'path-key',
  'pretty-ms',
  'strip-final-newline',
  'unicorn-magic',
  'yoctocolors',
];

const swc = {
  sourceMaps: 'inline',
  module: { type: 'commonjs' },
  jsc: {
    // Node 20 has no `using`; from this target it is compiled away.
    target: 'es2022',
    parser: { syntax: 'typescript' },
  },
};

const common = {
  testEnvironment: 'node',
  transform: { '\\.[cm]?[jt]s$': ['@swc/jest', swc] },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${COMPILED_DEPENDENCIES.join('|')})/)`],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // Its package.json offers no entry for require().
  moduleNameMapper: { '^unicorn-magic$': '<rootDir>/node_modules/unicorn-magic/node.js' },
};

const project = (displayName, roots) => ({
  ...common,
  displayName,
  roots: roots.map((root) => `<rootDir>/${root}`),
  testMatch: ['**/*.test.ts'],
});

export default {
  projects: [
    project('unit', [
      'packages',
      'protocol',
      'host',
      'guest-init',
      'test/benchmarks',
      'test/framework',
      'test/install',
      'test/x11',
    ]),
    project('house', ['test/house']),
    project('vm', ['test/vm']),
  ],
};
