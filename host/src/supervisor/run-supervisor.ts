import { readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { closeInherited } from '@muvm/linux';
import type { VmPlan } from '../config/vm-plan.ts';
import { keptLogDirectory, runDirectory, VM_FILES } from '../vm/run-directory.ts';
import { renderStartReport } from '../vm/start-report.ts';
import { startJanitor } from './janitor.ts';
import { Supervisor } from './supervisor.ts';

// The descriptors that whoever starts a supervisor hands over: vm/start-supervisor.ts.
const PLAN_FD = 0;
const LOCK_FD = 3;
const REPORT_FD = 4;

/** The whole life of a supervisor. It has the lock already, so all else in the run directory is stale. */
export async function runSupervisor(): Promise<void> {
  // A lock or a pipe of the caller must not stay open for as long as the VM lives.
  closeInherited((fd) => fd <= REPORT_FD);
  const plan = JSON.parse(readFileSync(PLAN_FD, 'utf8')) as VmPlan;
  const directory = runDirectory(plan.name);
  removeStaleFiles(directory);
  let supervisor: Supervisor | undefined;
  const janitor = startJanitor(
    { runDirectory: directory, keptLogDirectory: keptLogDirectory(plan.name), lockFd: LOCK_FD },
    () => supervisor?.stop('the janitor ended'),
  );
  try {
    supervisor = new Supervisor(plan, directory, (path) => janitor.made(path));
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => supervisor?.stop(`received ${signal}`));
    }
    await supervisor.listen();
    report();
    await supervisor.run();
  } catch (error) {
    report(error);
  } finally {
    await janitor.dismiss();
  }
}

function report(error?: unknown): void {
  try {
    writeSync(REPORT_FD, renderStartReport(error));
  } catch {
    // Whoever started this VM may have gone meanwhile; it is wanted all the same.
  }
}

function removeStaleFiles(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name !== VM_FILES.lock) rmSync(join(directory, name), { recursive: true, force: true });
  }
}
