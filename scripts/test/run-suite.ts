import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { muvmProcesses } from '../../test/framework/processes.ts';
import { until } from '../../test/framework/until.ts';
import { RESULTS, type Suite } from './suites.ts';

/** How a suite ended. Its tests are in its report. */
export interface SuiteResult {
  readonly suite: Suite;
  readonly durationMs: number;
  /** Why the run of the suite failed, apart from its tests. */
  readonly failure: string | undefined;
}

const KILL_AFTER_MS = 30_000;
const SETTLE_MS = 5000;
const OUTPUT_GRACE_MS = 10_000;
/** The name of a socket has at most 108 bytes, and that of a VM needs about 80 below the scratch directory. */
const TMPDIR_BYTES_MAX = 16;
const running = new Set<ChildProcess>();

/** Runs a suite to its end. Its output goes to a log and, line by line with the suite's name, to standard error. */
export async function runSuite(suite: Suite, workers: number): Promise<SuiteResult> {
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
  copyLines(child.stdout, suite.printsOutput ? suite.name : undefined, log);
  copyLines(child.stderr, suite.name, log);
  const failure = await ended;
  running.delete(child);
  log.end();
  const left = await killProcessesOf(scratch);
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const leak = left.length === 0 ? undefined : `it left these processes: ${left.join(' · ')}`;
  return { suite, durationMs: performance.now() - startedMs, failure: failure ?? leak };
}

/**
 * Kills what a suite left: VMs outlive one that was ended before its tests stopped them.
 *
 * @returns the command lines of what was left a moment after the end
 */
async function killProcessesOf(scratch: string): Promise<string[]> {
  await until(() => muvmProcesses(scratch).length === 0, SETTLE_MS);
  const left = muvmProcesses(scratch);
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  return left.map(({ commandLine }) => commandLine.slice(0, 100));
}

const SCRATCH = /^mt-(\d+)-/;

/** Makes a directory for the temporary files of a suite, and removes those of killed runs of this user. */
function makeScratch(): string {
  const place = Buffer.byteLength(tmpdir()) > TMPDIR_BYTES_MAX ? '/tmp' : tmpdir();
  for (const path of readdirSync(place).map((name) => join(place, name))) removeStale(path);
  const scratch = mkdtempSync(join(place, `mt-${process.pid}-`));
  // Tests run programs as other users below it.
  chmodSync(scratch, 0o755);
  return scratch;
}

function removeStale(path: string): void {
  const pid = SCRATCH.exec(basename(path))?.[1];
  if (pid === undefined || existsSync(`/proc/${pid}`)) return;
  if (lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.())
    rmSync(path, { recursive: true, force: true });
}

/** @param name the suite, if its lines are for people too */
function copyLines(stream: Readable, name: string | undefined, log: NodeJS.WritableStream): void {
  createInterface({ input: stream }).on('line', (line) => {
    log.write(`${line}\n`);
    if (name !== undefined && line !== '') process.stderr.write(`[${name}] ${line}\n`);
  });
}

/** Resolves when the process has exited and its output has ended; what still holds the output a moment later does not count. */
function endOf(child: ChildProcess, { timeoutMs }: Suite): Promise<string | undefined> {
  return new Promise((resolve) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child);
    }, timeoutMs);
    const settle = (code: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(timer);
      if (timedOut) resolve(`it did not end within ${timeoutMs / 60_000} minutes`);
      else resolve(code === 0 ? undefined : `exited with ${signal ?? `status ${code}`}`);
    };
    child.once('error', ({ message }) => resolve(message));
    child.once('close', settle);
    child.once('exit', (code, signal) => {
      setTimeout(() => {
        for (const stream of [child.stdout, child.stderr]) stream?.destroy();
        settle(code, signal);
      }, OUTPUT_GRACE_MS).unref();
    });
  });
}

/** Asks the group of a process to end, and kills it later if it did not. */
function endGroup(child: ChildProcess): void {
  killGroup(child, 'SIGTERM');
  setTimeout(() => killGroup(child, 'SIGKILL'), KILL_AFTER_MS).unref();
}

// Its members may live longer than its first process.
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
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
