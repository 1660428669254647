import { expectNothingLeft } from '../framework/nothing-left.ts';
import { runMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import { median } from './measure.ts';
import { compared, type Figure } from './report.ts';

const ROUNDS = 3;
const COLD_MS = 120_000;
/** The issue of a start is its first command; this is how much longer than the guest's first program it may take. */
const RATIO_MAX = 2.6;

interface Facts {
  readonly startedAt: string;
  readonly phases: readonly { readonly phase: string; readonly atMs: number }[];
}

/** From typing to the end of `/bin/true`, on a machine that does not run yet; and how long it takes to stop it. */
export async function measureColdStart(sandbox: Sandbox): Promise<Figure[]> {
  const totals: number[] = [];
  const stops: number[] = [];
  const phases = new Map<string, number[]>();
  // The first one also takes the kernel out of its library.
  for (let round = -1; round < ROUNDS; round += 1) {
    const began = Date.now();
    const { durationMs, status, stderr } = await runMuvm(sandbox, ['--linger', '60', '--', '/bin/true'], {
      timeoutMs: COLD_MS,
    });
    if (status !== 0) throw new Error(`The machine did not start: ${stderr}`);
    const [facts] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as [Facts];
    const stop = await runMuvm(sandbox, ['--stop']);
    await expectNothingLeft(sandbox);
    if (round < 0) continue;
    totals.push(durationMs);
    stops.push(stop.durationMs);
    const offset = Date.parse(facts.startedAt) - began;
    for (const { phase, atMs } of facts.phases) phases.set(phase, [...(phases.get(phase) ?? []), atMs + offset]);
  }
  const init = { name: "guest's PID 1", value: median(phases.get('init') ?? []) };
  return [
    ...[...phases].map(([phase, times]) => compared(`cold start: ${phase}`, median(times), 'ms', init)),
    compared('cold start: /bin/true has ended', median(totals), 'ms', init, { atMost: RATIO_MAX }),
    compared('stop', median(stops), 'ms', init),
  ];
}
