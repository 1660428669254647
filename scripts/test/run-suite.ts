import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { clearResults, RESULTS, type Suite } from './suites.ts';

/** How a suite ended. Its tests are in its report. */
export interface SuiteResult {
  readonly suite: Suite;
  readonly durationMs: number;
  /** Why the run of the suite failed, apart from its tests. */
  readonly failure: string | undefined;
}

const KILL_AFTER_MS = 30_000;
const running = new Set<ChildProcess>();

/** Runs a suite to its end. Its output goes to a log and, line by line with the suite's name, to standard error. */
export async function runSuite(suite: Suite, workers: number): Promise<SuiteResult> {
  clearResults(suite);
  const startedMs = performance.now();
  const scratch = makeScratch();
  // The kernel ends the suite even if this process is killed with SIGKILL.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...suite.command(workers)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...suite.env, FORCE_COLOR: '0', TMPDIR: scratch },
    // A group of its own: its children end with it.
    detached: true,
  });
  running.add(child);
  const ended = endOf(child, suite);
  const log = createWriteStream(join(RESULTS, `${suite.name}.log`));
  // What jest writes to standard output is the report, which goes to a file as well.
  for (const stream of [child.stdout, child.stderr]) copyLines(stream, suite.name, log);
  const failure = await ended;
  running.delete(child);
  log.end();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  return { suite, durationMs: performance.now() - startedMs, failure };
}

const SCRATCH = /^mt-(\d+)-/;

/** Makes a directory for the temporary files of a suite, and removes those of runs that were killed. Short: sockets lie in it. */
function makeScratch(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = SCRATCH.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  const scratch = mkdtempSync(join(tmpdir(), `mt-${process.pid}-`));
  // Tests run programs as other users below it.
  chmodSync(scratch, 0o755);
  return scratch;
}

function copyLines(stream: Readable, name: string, log: NodeJS.WritableStream): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (line.startsWith('{"numFailedTestSuites"')) return;
    log.write(`${line}\n`);
    if (line !== '') process.stderr.write(`[${name}] ${line}\n`);
  });
}

function endOf(child: ChildProcess, { timeoutMs }: Suite): Promise<string | undefined> {
  return new Promise((resolve) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child);
    }, timeoutMs);
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (timedOut) resolve(`it did not end within ${timeoutMs / 60_000} minutes`);
      else resolve(code === 0 ? undefined : `exited with ${signal ?? `status ${code}`}`);
    });
  });
}

/** Asks the group of a process to end, and kills it later if it did not. */
function endGroup(child: ChildProcess): void {
  killGroup(child, 'SIGTERM');
  setTimeout(() => killGroup(child, 'SIGKILL'), KILL_AFTER_MS).unref();
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended in between.
  }
}

/** Ends the suites that run if this process is asked to end. @returns a signal that is aborted then */
export function endSuitesOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      for (const child of running) endGroup(child);
      controller.abort();
    });
  }
  return controller.signal;
}
