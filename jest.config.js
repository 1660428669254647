/**
 * The suites: `unit` (beside the code, and of what is installed; boots nothing), `house` (rules of the repository itself) and
 * `vm` (boots VMs), and `smoke` (boots VMs on any host and driver). scripts/test/suites.ts has the command of each.
 */
const common = {
  testEnvironment: 'node',
  transform: { '\\.[cm]?[jt]s$': '<rootDir>/scripts/test/jest/transformer.cjs' },
  transformIgnorePatterns: [],
  resolver: '<rootDir>/scripts/test/jest/resolver.cjs',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

const project = (displayName, roots, more = {}) => ({
  ...common,
  ...more,
  displayName,
  roots: roots.map((root) => `<rootDir>/${root}`),
  testMatch: ['**/*.test.ts'],
});

// Test files with the default configuration share a VM: test/framework/shared-vm.ts.
const SHARED_VMS = {
  globalSetup: '<rootDir>/test/framework/shared-vm-setup.ts',
  globalTeardown: '<rootDir>/test/framework/shared-vm-teardown.ts',
};

export default {
  testSequencer: '<rootDir>/scripts/test/jest/sequencer.cjs',
  projects: [
    project('unit', [
      'packages',
      'protocol',
      'host',
      'guest-init',
      'scripts',
      'test/benchmarks',
      'test/framework',
      'test/install',
      'test/x11',
    ]),
    project('house', ['test/house']),
    project('vm', ['test/vm'], SHARED_VMS),
    project('smoke', ['test/smoke']),
  ],
};
