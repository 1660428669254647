import { runMuvm } from '../framework/run-muvm.ts';
import type { Sandbox } from '../framework/sandbox.ts';

/** What `muvm --status --json` reports of a VM, as far as the benchmarks use it. */
export interface VmStatus {
  readonly acceleration: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly phases: readonly { readonly phase: string; readonly atMs: number }[];
  readonly supervisorPid: number;
  readonly vmmPid: number;
  readonly helperPids: Readonly<Record<string, number>>;
  readonly agentRssBytes: number;
}

/** @throws Error if no VM runs */
export async function readVmStatus(sandbox: Sandbox): Promise<VmStatus> {
  const { stdout, stderr, status } = await runMuvm(sandbox, ['--status', '--json']);
  const [vm] = status === 0 ? (JSON.parse(stdout) as VmStatus[]) : [];
  if (!vm) throw new Error(`Cannot read the status of the VM: ${stderr.trim() || `exit status ${status}`}`);
  return vm;
}
