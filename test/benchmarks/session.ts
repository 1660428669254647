import { TEST_DRIVER } from '../framework/driver.ts';
import { leftovers } from '../framework/nothing-left.ts';
import { runMuvm } from '../framework/run-muvm.ts';
import { createSandbox, type Sandbox } from '../framework/sandbox.ts';
import { startVm } from '../framework/start-vm.ts';
import { until } from '../framework/until.ts';
import type { Part } from './part.ts';
import { benchPortArguments } from './throughput.ts';
import { readVmStatus } from './vm-status.ts';

const STOP_TIMEOUT_MS = 20_000;

/** One sandbox with at most one VM for all parts of a worker. */
export interface Session extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** Brings the VM into the state that a part needs. @throws Error if the VM does not start; later calls do not try again */
  prepare(vm: Part['vm']): Promise<void>;
  /** Stops the VM in any state. Clients in the VM fail then. */
  stop(): Promise<void>;
}

/** @param onStart called once, when the first VM runs */
export function openSession(onStart: (acceleration: string) => void): Session {
  const sandbox = createSandbox();
  let isRunning = false;
  let hasRun = false;
  let failure: unknown;
  const start = async () => {
    isRunning = true;
    await startBenchVm(sandbox);
    if (!hasRun) onStart((await readVmStatus(sandbox)).acceleration);
    hasRun = true;
  };
  const stop = async () => {
    isRunning = false;
    await runMuvm(sandbox, ['--stop'], { timeoutMs: STOP_TIMEOUT_MS });
    await until(() => leftovers(sandbox).length === 0, STOP_TIMEOUT_MS);
  };
  // The first VM of the qemu driver extracts the kernel from its library into the cache; libkrun needs no cache.
  const needsStart = (vm: Part['vm']) => (vm === 'running' ? !isRunning : TEST_DRIVER === 'qemu' && !hasRun);
  const prepare = async (vm: Part['vm']) => {
    if (vm === 'none') return;
    if (failure !== undefined) throw failure;
    if (needsStart(vm)) {
      await start().catch((error: unknown) => {
        failure = error;
        throw error;
      });
    }
    if (vm === 'stopped' && isRunning) await stop();
  };
  return {
    sandbox,
    prepare,
    stop,
    async [Symbol.asyncDispose]() {
      if (isRunning || leftovers(sandbox).length > 0) await stop();
      sandbox[Symbol.dispose]();
    },
  };
}

function startBenchVm(sandbox: Sandbox): Promise<void> {
  const env = TEST_DRIVER === 'qemu' ? { MUVM_DEBUG_QEMU_ARGS: benchPortArguments(sandbox) } : {};
  return startVm(sandbox, [], { env });
}
