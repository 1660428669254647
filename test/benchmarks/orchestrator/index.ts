/** Measures what was requested, and writes the report after each part. It runs in the root of the repository. */
import { spawnSync } from 'node:child_process';
import { arch, cpus, release, totalmem } from 'node:os';
import {
  type Host,
  hasFailed,
  type PartResult,
  startReport,
  withEnvironment,
  withPart,
  withProgress,
} from '../report.ts';
import { renderTable } from '../table.ts';
import type { PartRow, Target } from '../target.ts';
import { writeReport } from '../write-report.ts';
import { measureTarget } from './measure-target.ts';
import { loadAverage } from './part-run.ts';
import { planTargets, type Request, type TargetPlan } from './plan.ts';
import { isKvmUsable, WORKER, workerCommand } from './worker-command.ts';

const RESULTS = 'test/results/bench.json';
const MIB = 1024 * 1024;

const say = (text: string) => process.stderr.write(`bench: ${text}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** @returns the exit status: 1 if a part failed, 130 after an interrupt. @throws Error for a wrong request */
export async function runBench(request: Request): Promise<number> {
  const plans = planTargets(listParts(), request);
  const interruption = interruptOnSignals();
  const recorder = startRecording();
  const isNested = plans.some(({ target }) => target === 'libkrun') && !isKvmUsable();
  if (isNested) say('libkrun: runs in a guest of the qemu driver, because this host has no usable KVM');
  for (const plan of plans) await measure(plan, isNested, recorder, interruption);
  const report = recorder.save(interruption.aborted ? 'interrupted' : 'finished');
  process.stdout.write(`${renderTable(report)}\nwritten to ${RESULTS}\n`);
  if (interruption.aborted) return 130;
  return hasFailed(report) ? 1 : 0;
}

function listParts(): PartRow[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, [WORKER, '--list'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Cannot list the parts: ${stderr}`);
  return JSON.parse(stdout) as PartRow[];
}

function interruptOnSignals(): AbortSignal {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!interruption.signal.aborted) say(`${name}: stops the VMs, then ends`);
      interruption.abort();
    });
  }
  return interruption.signal;
}

function startRecording() {
  const startedMs = performance.now();
  let report = startReport(describeHost(), new Date(), loadAverage());
  const save = (state: typeof report.state) => {
    const elapsedMs = Math.round(performance.now() - startedMs);
    report = withProgress(report, state, { elapsedMs, loadAverage: loadAverage() });
    writeReport(RESULTS, report);
    return report;
  };
  save('running');
  return {
    save,
    addEnvironment(...[target, environment]: [Target, Parameters<typeof withEnvironment>[2]]) {
      report = withEnvironment(report, target, environment);
    },
    addPart(result: PartResult) {
      report = withPart(report, result);
      save('running');
    },
  };
}

function measure(
  plan: TargetPlan,
  isNested: boolean,
  recorder: ReturnType<typeof startRecording>,
  signal: AbortSignal,
): Promise<void> {
  const { target } = plan;
  const startedMs = performance.now();
  return measureTarget({
    plan,
    signal,
    command: (parts) => workerCommand({ target, parts }, isNested),
    onEnvironment: (environment) => recorder.addEnvironment(target, environment),
    onBegin: (part) => say(`${target}: ${part}, after ${seconds(performance.now() - startedMs)}`),
    onResult(result) {
      recorder.addPart(result);
      const reason = result.outcome === 'measured' ? '' : `: ${result.reason}`;
      say(`${target}: ${result.part}: ${result.outcome} in ${seconds(result.elapsedMs)}${reason}`);
    },
  });
}

function describeHost(): Host {
  return {
    cpu: cpus()[0]?.model,
    cpuCount: cpus().length,
    arch: arch(),
    memoryMib: Math.round(totalmem() / MIB),
    kernel: release(),
    node: process.version,
  };
}
