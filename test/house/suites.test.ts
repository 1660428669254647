/** Every test file runs in a suite. */
import { expect, test } from '@jest/globals';
import jestConfig from '../../jest.config.js';
import { LIBKRUN_FILES } from '../../scripts/test/suites.ts';
import { repositoryFiles } from './source-files.ts';

const testFiles = repositoryFiles().filter((path) => path.endsWith('.test.ts'));
const roots = jestConfig.projects.flatMap((project) =>
  project.roots.map((root: string) => root.replace('<rootDir>/', '')),
);

test('each test file is below the root of exactly one project of jest', () => {
  const counts = testFiles.map((path) => [path, roots.filter((root) => path.startsWith(`${root}/`)).length]);
  expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
});

test('the files of the libkrun suite exist', () => {
  expect(LIBKRUN_FILES.filter((name) => !testFiles.includes(`test/vm/${name}.test.ts`))).toEqual([]);
});
