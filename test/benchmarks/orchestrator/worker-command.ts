import { spawnSync } from 'node:child_process';
import type { Target } from '../target.ts';
import type { TargetPlan } from './plan.ts';

export const WORKER = 'dist/bench/worker.cjs';

/** The time for the samples of one part: all parts on all targets fit into ten minutes, one part alone into two. */
const BUDGETS_MS: Readonly<Record<Target, number>> = { host: 60_000, qemu: 15_000, libkrun: 30_000 };

export interface WorkerCommand {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** @param isNested whether libkrun runs in a guest of the qemu driver, because the host has no usable KVM */
export function workerCommand({ target, parts }: TargetPlan, isNested: boolean): WorkerCommand {
  const words = [process.execPath, WORKER, `${BUDGETS_MS[target]}`, ...parts];
  if (target === 'libkrun' && isNested) return { words: ['scripts/nested/run.sh', 'bench-libkrun', ...words], env: {} };
  return { words, env: target === 'host' ? {} : { MUVM_TEST_VMM: target } };
}

export function isKvmUsable(): boolean {
  const { stdout } = spawnSync(process.execPath, ['host/bin/muvm.cjs', '--doctor', '--json']);
  const checks = JSON.parse(stdout.toString()) as readonly { readonly name: string; readonly state: string }[];
  return checks.some(({ name, state }) => name === 'kvm' && state === 'ok');
}
