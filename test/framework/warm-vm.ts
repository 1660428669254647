import { afterAll, beforeAll } from '@jest/globals';
import { patient, TEST_DRIVER } from './driver.ts';
import { expectNothingLeft } from './nothing-left.ts';
import { bootSkipReason } from './requirements.ts';
import { type MuvmOptions, type MuvmResult, type RunningMuvm, runMuvm, startMuvm } from './run-muvm.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { type SkipReason, testUnless } from './skip.ts';

/** One running machine for all tests of a file, as a cold start takes seconds. */
export interface WarmVm {
  readonly sandbox: Sandbox;
  run(args: readonly string[], options?: MuvmOptions): Promise<MuvmResult>;
  start(args: readonly string[], options?: MuvmOptions): RunningMuvm;
  /** A test that uses the VM. It is skipped if none can boot. */
  test(name: string, body: () => Promise<void>, settings?: { timeoutMs?: number; skip?: SkipReason }): void;
}

const BOOT_TIMEOUT_MS = 120_000;
// Two starts, where the first is the emulator's failure.
const HOOK_TIMEOUT_MS = 2 * BOOT_TIMEOUT_MS;
const TEST_TIMEOUT_MS = 60_000;
const LINGER_SECONDS = '600';

/**
 * Boots a machine before the tests of a file, and after them stops it and checks that nothing of it is left.
 *
 * @param args options that the machine is started with
 * @param settings what it is started in, and the reason to skip all its tests
 */
export function useWarmVm(
  args: readonly string[] = [],
  settings: { readonly skip?: SkipReason; readonly options?: () => MuvmOptions } = {},
): WarmVm {
  const skip = bootSkipReason() ?? settings.skip;
  let sandbox: Sandbox | undefined;
  const current = () => {
    if (!sandbox) throw new Error('The machine of this file did not start');
    return sandbox;
  };
  if (skip === undefined) {
    beforeAll(async () => {
      sandbox = createSandbox();
      const { status, stderr } = await startMachine(sandbox, args, settings.options?.());
      if (status !== 0) throw new Error(`The machine of this file did not start (status ${status}): ${stderr}`);
    }, patient(HOOK_TIMEOUT_MS));
    afterAll(async () => {
      using ended = current();
      await runMuvm(ended, ['--stop']);
      await expectNothingLeft(ended);
    }, patient(BOOT_TIMEOUT_MS));
  }
  return {
    get sandbox() {
      return current();
    },
    run: (words, options) => runMuvm(current(), words, options),
    start: (words, options) => startMuvm(current(), words, options),
    test: (name, body, settings = {}) =>
      testUnless(skip ?? settings.skip, name, body, settings.timeoutMs ?? TEST_TIMEOUT_MS),
  };
}

/** An emulator that emulates a machine within a machine breaks one now and then; once is no failure of ours. */
async function startMachine(sandbox: Sandbox, args: readonly string[], options?: MuvmOptions): Promise<MuvmResult> {
  const start = () =>
    runMuvm(sandbox, [...args, '--linger', LINGER_SECONDS, '--', 'true'], { timeoutMs: BOOT_TIMEOUT_MS, ...options });
  const first = await start();
  const mayBeTheEmulator = TEST_DRIVER === 'libkrun' && first.stderr.includes('Guest kernel panicked');
  if (first.status === 0 || !mayBeTheEmulator) return first;
  process.stderr.write(`The machine of this file is started once more: ${first.stderr}`);
  return start();
}

/** A test that boots machines of its own, in a sandbox of its own. Whatever it leaves behind fails it. */
export function coldTest(
  name: string,
  body: (sandbox: Sandbox) => Promise<void>,
  settings: { readonly timeoutMs?: number; readonly skip?: SkipReason } = {},
): void {
  const bodyInSandbox = async () => {
    using sandbox = createSandbox();
    await body(sandbox);
    await expectNothingLeft(sandbox);
  };
  testUnless(bootSkipReason() ?? settings.skip, name, bodyInSandbox, settings.timeoutMs ?? BOOT_TIMEOUT_MS);
}
