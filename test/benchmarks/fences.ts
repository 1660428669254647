/** Fences in the guest: how soon a wake arrives, beside a byte in a pipe, and what those cost that nobody wakes. */
import { join } from 'node:path';
import { REPOSITORY } from '../framework/repository.ts';
import { runMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';
import type { FenceCosts } from './fences-peer.ts';
import { compared, type Figure } from './report.ts';

const COUNTS = [1, 100, 1000];
const KINDS = ['io_uring', 'timer'];
const PEER = join(REPOSITORY, 'dist/bench/fences-peer.cjs');
const PROGRAM = join(REPOSITORY, 'packages/linux/src/futex/futex-peer.cjs');
const TIMEOUT_MS = 120_000;
const A_SECOND = { name: 'a second', value: 1000 };

export async function measureFences(sandbox: Sandbox): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kind of KINDS) {
    for (const count of COUNTS) {
      const costs = await measure(sandbox, kind, count);
      figures.push(...describe(`fences: ${count} by ${kind}`, count, costs));
    }
  }
  return figures;
}

async function measure(sandbox: Sandbox, kind: string, count: number): Promise<FenceCosts> {
  const words = ['--', process.execPath, PEER, PROGRAM, kind, String(count)];
  const { stdout, stderr, status } = await runMuvm(sandbox, words, { timeoutMs: TIMEOUT_MS });
  if (status !== 0) throw new Error(`Fences were not measured in the guest: ${stderr}`);
  return JSON.parse(stdout) as FenceCosts;
}

function describe(name: string, count: number, costs: FenceCosts): Figure[] {
  return [
    compared(`${name}, a wake there and back`, costs.roundTripUs, 'µs', { name: 'pipe', value: costs.pipeRoundTripUs }),
    { name: `${name}, memory`, value: costs.memoryMib, unit: 'MiB' },
    compared(`${name}, threads`, costs.threads, 'threads', { name: 'one for each', value: costs.threads + count }),
    compared(`${name}, CPU of a second at rest`, costs.idleCpuMs, 'ms', A_SECOND),
    compared(`${name}, CPU of a second while new`, costs.newCpuMs, 'ms', A_SECOND),
  ];
}
