import { spawnSync } from 'node:child_process';
import { bundlePrograms, PROGRAM_OUTPUTS } from './bundle.ts';
import { generateProtocol } from './generate.ts';
import { writePages } from './pages.ts';
import { bundleFixtures, FIXTURE_OUTPUTS } from './peers.ts';
import { writeShare } from './share.ts';
import { buildStep } from './step.ts';

const PROGRAMS = [
  'packages',
  'protocol',
  'host',
  'guest-init',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const FIXTURES = [...PROGRAMS, 'test'];

/** Builds the programs and the pages that derive from tables. Nothing is built twice. */
export async function build(): Promise<void> {
  await generateProtocol();
  await buildStep('dist/.built', PROGRAMS, PROGRAM_OUTPUTS, async () => {
    await writePages();
    await bundlePrograms();
    await writeShare();
  });
}

/** Builds what `build()` builds, and the fixtures of the tests. */
export async function buildTests(): Promise<void> {
  await build();
  await buildStep('dist/peers/.built', FIXTURES, FIXTURE_OUTPUTS, bundleFixtures);
}

/** Checks the system packages of a purpose. @returns whether they are there; standard error says what is missing */
export function hasSystemPackages(purpose: 'run' | 'test', { install }: { readonly install: boolean }): boolean {
  const args = [...(install ? ['--install'] : []), purpose];
  // What package managers print is progress, so it goes to standard error.
  return spawnSync('scripts/system-packages.sh', args, { stdio: ['ignore', 2, 2] }).status === 0;
}
