import { cpus, release } from 'node:os';
import { TEST_DRIVER } from '../framework/driver.ts';
import { leftovers } from '../framework/nothing-left.ts';
import { type MuvmResult, runMuvm } from '../framework/run-muvm.ts';
import { createSandbox, type Sandbox } from '../framework/sandbox.ts';
import { until } from '../framework/until.ts';
import type { Environment } from './events.ts';
import type { Part } from './part.ts';
import { benchPortArguments } from './throughput.ts';

const BOOT_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const LINGER_SECONDS = '600';

/** One sandbox with at most one VM for all parts of a worker. */
export interface Session extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** Brings the VM into the state that a part wants. @throws Error if the VM does not start, for later calls at once */
  prepare(vm: Part['vm']): Promise<void>;
  /** Stops the VM, in whatever state it is. Calls of the part that runs fail then. */
  stop(): Promise<void>;
}

/** @param onStart learns where the first VM runs */
export function openSession(onStart: (environment: Environment) => void): Session {
  const sandbox = createSandbox();
  let isRunning = false;
  let hasRun = false;
  let failure: unknown;
  const start = async () => {
    isRunning = true;
    await startVm(sandbox);
    if (!hasRun) onStart(await readEnvironment(sandbox));
    hasRun = true;
  };
  const stop = async () => {
    isRunning = false;
    await runMuvm(sandbox, ['--stop'], { timeoutMs: STOP_TIMEOUT_MS });
    await until(() => leftovers(sandbox).length === 0, STOP_TIMEOUT_MS);
  };
  const prepare = async (vm: Part['vm']) => {
    if (vm === 'none') return;
    if (failure !== undefined) throw failure;
    const needsStart = vm === 'running' ? !isRunning : !hasRun;
    if (needsStart) {
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

async function startVm(sandbox: Sandbox): Promise<void> {
  let result = await tryToStart(sandbox);
  // QEMU breaks a nested guest now and then while it emulates it; once is no failure of ours.
  const mayBeTheEmulator = TEST_DRIVER === 'libkrun' && result.stderr.includes('Guest kernel panicked');
  if (result.status !== 0 && mayBeTheEmulator) result = await tryToStart(sandbox);
  if (result.status !== 0) throw new Error(`Cannot start the VM: ${result.stderr.trim() || `status ${result.status}`}`);
}

function tryToStart(sandbox: Sandbox): Promise<MuvmResult> {
  return runMuvm(sandbox, ['--linger', LINGER_SECONDS, '--', 'true'], {
    env: TEST_DRIVER === 'qemu' ? { MUVM_DEBUG_QEMU_ARGS: benchPortArguments(sandbox) } : {},
    timeoutMs: BOOT_TIMEOUT_MS,
  });
}

async function readEnvironment(sandbox: Sandbox): Promise<Environment> {
  const { stdout } = await runMuvm(sandbox, ['--status', '--json']);
  const [{ acceleration }] = JSON.parse(stdout) as [{ acceleration: string }];
  return { kernel: release(), cpuCount: cpus().length, acceleration };
}
