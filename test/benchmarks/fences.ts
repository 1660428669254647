/** Fences in the guest: how soon a wake arrives, beside a byte in a pipe, and the cost of fences that nobody wakes. */
import { join } from 'node:path';
import { REPOSITORY } from '../framework/repository.ts';
import { runMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import type { FenceCosts } from './fences-peer.ts';
import { compared, type Figure, figure } from './figure.ts';
import type { PartContext } from './part.ts';

const COUNTS = [1, 100, 1000];
const ROUNDS = 100;
const KINDS = ['io_uring', 'timer'];
const PEER = join(REPOSITORY, 'dist/bench/fences-peer.cjs');
const PROGRAM = join(REPOSITORY, 'packages/linux/src/futex/futex-peer.cjs');
const TIMEOUT_MS = 60_000;
const A_SECOND = { name: 'a second', samples: [1000] };

export async function measureFences({ budget, sandbox }: PartContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of KINDS) {
    budget.signal.throwIfAborted();
    const costs = await measure(sandbox, kind);
    for (const [index, count] of COUNTS.entries()) {
      figures.push(...describe(`fences: ${count} by ${kind}`, count, costs[index] as FenceCosts));
    }
  }
  return figures;
}

async function measure(sandbox: Sandbox, kind: string): Promise<FenceCosts[]> {
  const words = ['--', process.execPath, PEER, PROGRAM, kind, `${ROUNDS}`, ...COUNTS.map(String)];
  const { stdout, stderr, status } = await runMuvm(sandbox, words, { timeoutMs: TIMEOUT_MS });
  if (status !== 0) throw new Error(`Cannot measure fences in the guest: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FenceCosts);
}

function describe(name: string, count: number, costs: FenceCosts): Figure[] {
  const pipe = { name: 'pipe', samples: costs.pipeRoundTripsUs };
  return [
    compared(`${name}, a wake there and back`, 'µs', costs.roundTripsUs, pipe),
    figure(`${name}, memory`, 'MiB', [costs.memoryMib]),
    compared(`${name}, threads`, 'threads', [costs.threads], {
      name: 'one for each',
      samples: [costs.threads + count],
    }),
    compared(`${name}, CPU of a second at rest`, 'ms', [costs.idleCpuMs], A_SECOND),
    compared(`${name}, CPU of a second while new`, 'ms', [costs.newCpuMs], A_SECOND),
  ];
}
