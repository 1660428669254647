import { TEST_DRIVER } from '../framework/driver.ts';
import { expectNothingLeft } from '../framework/nothing-left.ts';
import { runMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import { repeat } from './budget.ts';
import { compared, type Figure } from './figure.ts';
import type { PartContext } from './part.ts';
import { readVmStatus } from './vm-status.ts';

// In a nested guest a start takes half a minute.
const ROUNDS = { atLeast: TEST_DRIVER === 'libkrun' ? 1 : 2, atMost: 5 };
const COLD_MS = 120_000;
/** The whole start beside the start of the guest's first program. */
const RATIO_MAX = 2.6;

interface Start {
  readonly totalMs: number;
  readonly stopMs: number;
  /** Since the client started. */
  readonly phasesMs: Readonly<Record<string, number>>;
}

/** Starts a VM with `/bin/true`, up to the exit of the client, and stops it. */
export async function measureColdStart({ budget, sandbox }: PartContext): Promise<Figure[]> {
  const starts = await repeat(budget, ROUNDS, () => startAndStop(sandbox));
  const phases = Object.keys(starts[0]?.phasesMs ?? {});
  const phaseMs = (phase: string) => starts.map(({ phasesMs }) => phasesMs[phase] as number);
  const init = { name: "guest's PID 1", samples: phaseMs('init') };
  const totalsMs = starts.map(({ totalMs }) => totalMs);
  const stopsMs = starts.map(({ stopMs }) => stopMs);
  return [
    ...phases.map((phase) => compared(`cold start: ${phase}`, 'ms', phaseMs(phase), init)),
    compared('cold start: /bin/true has ended', 'ms', totalsMs, init, { atMost: RATIO_MAX }),
    compared('stop', 'ms', stopsMs, init),
  ];
}

async function startAndStop(sandbox: Sandbox): Promise<Start> {
  const began = Date.now();
  const started = await runMuvm(sandbox, ['--linger', '60', '--', '/bin/true'], { timeoutMs: COLD_MS });
  if (started.status !== 0) throw new Error(`Cannot start the VM: ${started.stderr}`);
  const { startedAt, phases } = await readVmStatus(sandbox);
  const stop = await runMuvm(sandbox, ['--stop']);
  await expectNothingLeft(sandbox);
  const offsetMs = Date.parse(startedAt) - began;
  const phasesMs = Object.fromEntries(phases.map(({ phase, atMs }) => [phase, atMs + offsetMs]));
  return { totalMs: started.durationMs, stopMs: stop.durationMs, phasesMs };
}
