/** The suites of tests, and the command that runs each. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where reports, logs and the summary of a run go. */
export const RESULTS = resolve('test/results');

/** The file of a suite in which test/framework/start-vm.ts notes each kernel panic of a guest that it starts once more. */
export const PANICS = 'panics.txt';

/** Where the repository is: a suite may run in a copy. */
export const ROOTS: readonly string[] = [process.cwd(), '/home/tester/muvm'];

export interface Suite {
  readonly name: string;
  /** What the suite covers, for people. */
  readonly covers: string;
  /** The report that jest writes. */
  readonly report: string;
  /** A run that lasts longer is ended and counts as failed. */
  readonly timeoutMs: number;
  /** @param workers how many test files may run at a time */
  command(workers: number): readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether its standard output is for people. That of jest is the report, and what tests leak. */
  readonly printsOutput?: boolean;
  /** Whether it needs the system packages of the tests, and a VM that starts here. */
  readonly bootsVms?: boolean;
  /** @returns why the suite cannot run here */
  readonly refusal?: () => string | undefined;
  /** Whether its tests use the library of `make libkrun-gpu`. */
  readonly usesGpuLibrary?: boolean;
}

/** Whether `make test-long` asks for full counts and sizes, which take hours. */
const IS_LONG = process.env['MUVM_TEST_LONG'] === '1';
const MINUTE_MS = IS_LONG ? 6 * 60_000 : 60_000;
const JEST = 'node_modules/.bin/jest';

function jestSuite(name: string, project: string, covers: string, timeoutMs: number): Suite {
  const report = join(RESULTS, `${name}.json`);
  return {
    name,
    covers,
    report,
    timeoutMs,
    command: (workers) => [
      JEST,
      ...['--selectProjects', project, '--json', '--outputFile', report, '--cacheDirectory', join(RESULTS, 'jest')],
      ...(workers === 1 ? ['--runInBand'] : ['--maxWorkers', `${workers}`]),
    ],
  };
}

const UNIT = jestSuite('unit', 'unit', 'code without VMs', 15 * MINUTE_MS);
const HOUSE = jestSuite('house', 'house', 'rules of the repository', 5 * MINUTE_MS);
const QEMU: Suite = {
  ...jestSuite('qemu', 'vm', 'VMs of the qemu driver', 45 * MINUTE_MS),
  env: { MUVM_TEST_VMM: 'qemu', MUVM_TEST_RESULTS: join(RESULTS, 'qemu') },
  bootsVms: true,
};

/** The files of test/vm about what differs with libkrun: its library, devices, files, streams and VMM process. */
export const LIBKRUN_FILES: readonly string[] = [
  'crash',
  'emulation',
  'fences',
  'files',
  'gpu',
  'io',
  'leaks',
  'libkrun-refusals',
  'lifecycle',
  'link',
  'memory',
  'network',
  'network-choices',
  'open-files',
  'parity',
  'shared-memory',
  'user',
  'x11-cross-domain',
  'x11-memfd',
];

/** Runs as an ordinary user in a guest of the qemu driver. The guest has one CPU, so one test file at a time. */
const LIBKRUN: Suite = {
  name: 'libkrun',
  covers: 'VMs of the libkrun driver',
  report: join(RESULTS, 'libkrun/report.json'),
  timeoutMs: 45 * MINUTE_MS,
  printsOutput: true,
  bootsVms: true,
  usesGpuLibrary: true,
  command: () => [
    ...['scripts/nested/run.sh', 'libkrun', JEST, '--selectProjects', 'vm', '--runInBand'],
    ...['--cacheDirectory', '/tmp/results/jest', '--json', '--outputFile', '/tmp/results/report.json'],
    ...(IS_LONG ? [] : ['--testPathPatterns', `test/vm/(${LIBKRUN_FILES.join('|')})\\.test\\.ts$`]),
  ],
};

const TRIXIE: Suite = {
  name: 'trixie',
  covers: 'the demo and a smoke test on Debian 13, as an ordinary user',
  report: join(RESULTS, 'trixie/smoke.json'),
  timeoutMs: 45 * MINUTE_MS,
  printsOutput: true,
  refusal: () => (process.getuid?.() === 0 ? undefined : 'needs root: run "sudo npm run test:trixie"'),
  command: () => ['scripts/trixie/test.sh'],
};

/** The longest come first, so that both lanes end together. */
export const SUITES: readonly Suite[] = [LIBKRUN, QEMU, TRIXIE, UNIT, HOUSE];

/** @param words names of suites; none: all of them. @throws Error for a word that names no suite */
export function suitesOf(words: readonly string[]): Suite[] {
  const names = SUITES.map(({ name }) => name);
  const unknown = words.find((word) => !names.includes(word));
  if (unknown !== undefined) throw new Error(`Cannot run suite "${unknown}": expected one of ${names.join(', ')}`);
  return SUITES.filter(({ name }) => words.length === 0 || words.includes(name));
}

/** Makes this process the only one that writes results. @throws Error if another run does so */
export function claimResults(): void {
  const path = join(RESULTS, 'run.pid');
  const owner = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const isAlive = /^\d+$/.test(owner) && owner !== `${process.pid}` && existsSync(`/proc/${owner}`);
  if (isAlive && readFileSync(`/proc/${owner}/cmdline`, 'utf8').includes('run.mjs')) {
    throw new Error(
      `Cannot write to "${RESULTS}": the run of process ${owner} uses it. Wait for its end, or use another clone`,
    );
  }
  writeFileSync(path, `${process.pid}`);
}

/** Removes what an earlier run left: without its report, a suite that writes none would pass. */
export function clearResults({ name, report }: Suite): void {
  mkdirSync(join(report, '..'), { recursive: true });
  const old = [report, join(RESULTS, name, 'logs'), join(RESULTS, name, PANICS)];
  for (const path of old) rmSync(path, { recursive: true, force: true });
}
