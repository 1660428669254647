/**
 * Runs suites of tests, two test files at a time, and ends with a summary:
 *
 *     node scripts/run.mjs test [SUITE…]      the suites are in scripts/test/suites.ts; default: all
 *
 * Reports, logs and the summary go to test/results.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, runScript } from './build/script.ts';
import { runInLanes } from './test/lanes.ts';
import { readPanics } from './test/panics.ts';
import { checkQemu, type Preparation, prepareBuild, prepareGpuLibrary, prepareSystem } from './test/prepare.ts';
import { faultOfReport, filesOf, type JestReport, readReport } from './test/report.ts';
import { endSuitesOnSignal, runSuite, type SuiteResult } from './test/run-suite.ts';
import { type AllowedSkip, checkSkips } from './test/skips.ts';
import { claimResults, clearResults, RESULTS, ROOTS, SUITES, type Suite, suitesOf } from './test/suites.ts';
import { type RunSummary, renderSummary, type SuiteSummary, totalsOf } from './test/summary.ts';

const LANES = 2;

runScript('test', async () => {
  const words = process.argv.slice(2);
  const { suites, refused } = whatCanRun(suitesOf(words), words.length === 0);
  mkdirSync(RESULTS, { recursive: true });
  claimResults();
  for (const suite of suites) clearResults(suite);
  const preparations = await prepare(suites);
  const signal = endSuitesOnSignal();
  const results: SuiteResult[] = [];
  const workers = suites.length === 1 ? LANES : 1;
  await runInLanes(suites, LANES, async (suite) => void results.push(await runSuite(suite, workers)), signal);
  const summary = summarize(suites, results, preparations, refused);
  const text = renderSummary(summary);
  writeFileSync(join(RESULTS, 'summary.txt'), `${text}\n`);
  process.stdout.write(`\n${text}\n`);
  if (signal.aborted) process.stderr.write('test: interrupted\n');
  return totalsOf(summary).failed === 0 && !signal.aborted ? 0 : 1;
});

/** Suites that cannot run here fail the run if they were named, and are listed as skipped if all were asked for. */
function whatCanRun(wanted: readonly Suite[], isAll: boolean): { suites: Suite[]; refused: Suite[] } {
  const refused = wanted.filter(({ refusal }) => refusal?.() !== undefined);
  const [first] = refused;
  if (first && !isAll) throw new Error(`Cannot run suite "${first.name}": it ${first.refusal?.()}`);
  return { suites: wanted.filter((suite) => !refused.includes(suite)), refused };
}

async function prepare(suites: readonly Suite[]): Promise<Preparation[]> {
  const needsVms = suites.some(({ bootsVms }) => bootsVms);
  if (needsVms) prepareSystem();
  const preparations = [await prepareBuild()];
  if (needsVms) {
    checkQemu();
    run('scripts/foreign-programs.sh', []);
  }
  if (!suites.some(({ usesGpuLibrary }) => usesGpuLibrary)) return preparations;
  const gpuLibrary = await prepareGpuLibrary();
  return gpuLibrary ? [...preparations, gpuLibrary] : preparations;
}

function summarize(
  suites: readonly Suite[],
  results: readonly SuiteResult[],
  preparations: readonly Preparation[],
  refused: readonly Suite[],
): RunSummary {
  const reports = suites.map(({ name, report }) => [name, readReport(report)] as const);
  const found = Object.fromEntries(reports.filter((entry): entry is [string, JestReport] => entry[1] !== undefined));
  const summaries = suites.map((suite): SuiteSummary => {
    const result = results.find((each) => each.suite === suite);
    const report = found[suite.name];
    return {
      name: suite.name,
      covers: suite.covers,
      durationMs: result?.durationMs ?? 0,
      files: report ? filesOf(report, ROOTS) : [],
      failure: result ? (result.failure ?? (report ? faultOfReport(report) : 'it wrote no report')) : 'it did not run',
    };
  });
  const allowed = JSON.parse(readFileSync('test/allowed-skips.json', 'utf8')) as AllowedSkip[];
  const isWhole = suites.length === SUITES.length && Object.keys(found).length === suites.length;
  const { skips, faults } = checkSkips({
    reports: found,
    suites: SUITES.map(({ name }) => name),
    roots: ROOTS,
    allowed,
    isWhole,
  });
  return {
    suites: summaries,
    preparations,
    skips: [
      ...refused.map(({ name, refusal }) => `suite ${name} (${refusal?.()})`),
      ...skips.map(({ suite, file, name, reason }) => `${suite}  ${file}: ${name} (${reason ?? 'without a reason'})`),
    ],
    faults,
    panics: readPanics(suites.map(({ name }) => name)),
  };
}
