import { relative } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { patient } from './driver.ts';
import { expectNothingLeft } from './nothing-left.ts';
import { REPOSITORY } from './repository.ts';
import { bootSkipReason } from './requirements.ts';
import { type MuvmOptions, type MuvmResult, type RunningMuvm, runMuvm, startMuvm } from './run-muvm.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { joinSharedVm, leaveSharedVm } from './shared-vm.ts';
import { type SkipReason, testUnless } from './skip.ts';
import { BOOT_TIMEOUT_MS, startVm } from './start-vm.ts';

/** One running VM for all tests of a file, because a cold start takes seconds. */
export interface WarmVm {
  readonly sandbox: Sandbox;
  run(args: readonly string[], options?: MuvmOptions): Promise<MuvmResult>;
  start(args: readonly string[], options?: MuvmOptions): RunningMuvm;
  /** A test that uses the VM. It is skipped if none can boot. */
  test(name: string, body: () => Promise<void>, settings?: { timeoutMs?: number; skip?: SkipReason }): void;
}

// Two starts, if the emulator made the first guest kernel panic.
const HOOK_TIMEOUT_MS = 2 * BOOT_TIMEOUT_MS;
const TEST_TIMEOUT_MS = 60_000;

export interface WarmVmSettings {
  /** The reason to skip all tests of the file. */
  readonly skip?: SkipReason;
  /** What the VM is started in. */
  readonly options?: () => MuvmOptions;
  /** A file whose tests do to the VM what others would notice needs one of its own. */
  readonly own?: boolean;
}

/**
 * Gives the tests of a file a VM. A file that asks for nothing special shares one with others (see shared-vm.ts); else the VM is
 * booted before the tests, and stopped after them with the check that nothing of it is left.
 *
 * @param args options that the VM is started with
 */
export function useWarmVm(args: readonly string[] = [], settings: WarmVmSettings = {}): WarmVm {
  const skip = bootSkipReason() ?? settings.skip;
  const isShared = args.length === 0 && settings.options === undefined && settings.own !== true;
  let sandbox: Sandbox | undefined;
  const current = () => {
    if (!sandbox) throw new Error('The VM of this test file did not start');
    return sandbox;
  };
  if (skip === undefined) {
    beforeAll(async () => {
      sandbox = isShared ? await joinSharedVm(testFile()) : createSandbox();
      if (!isShared) await startVm(sandbox, args, settings.options?.());
    }, patient(HOOK_TIMEOUT_MS));
    afterAll(async () => {
      if (sandbox) await (isShared ? leaveSharedVm(sandbox, testFile()) : endVm(sandbox));
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

const testFile = () => relative(REPOSITORY, expect.getState().testPath ?? '');

async function endVm(sandbox: Sandbox): Promise<void> {
  using ended = sandbox;
  await runMuvm(ended, ['--stop']);
  await expectNothingLeft(ended);
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
