import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { EXIT_STATUS } from '@muvm/protocol/contract';
import { patient, TEST_DRIVER } from './driver.ts';
import { keepLogs } from './keep-logs.ts';
import { MUVM } from './repository.ts';
import type { Sandbox } from './sandbox.ts';

export interface MuvmOptions {
  readonly cwd?: string;
  /** Beside those of the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given to the command and ended. Without it stdin is /dev/null. */
  readonly input?: string | Buffer;
  /** Leaves stdin open, for the test to write to. */
  readonly openInput?: boolean;
  /** The client is killed after this long, and the result says so. */
  readonly timeoutMs?: number;
  /** The limit of open files, soft and hard, of the client and of all that it starts. */
  readonly openFilesMax?: number;
  /** Words before the client's own, such as those that make it run in another network. */
  readonly enter?: readonly string[];
  /** As root, muvm asks to be allowed. Default: it is. */
  readonly allowRoot?: boolean;
}

export interface MuvmResult {
  readonly stdout: string;
  readonly stderr: string;
  /** What of it is no note about this host, such as that it has no GPU. */
  readonly errors: string;
  readonly stdoutBytes: Buffer;
  /** As a shell reports it: 128+n for a client that was killed by signal n. */
  readonly status: number;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** A client that runs. */
export interface RunningMuvm {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly result: Promise<MuvmResult>;
  /** Waits until stdout holds a text. @throws Error where the client ends first */
  untilOutput(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const TIMEOUT_MS = 60_000;

/** The words of the command line of `npx muvm ARGS`, without npx, with the driver that is tested. */
export function muvmCommand(args: readonly string[], options: MuvmOptions = {}): string[] {
  const { allowRoot = true, openFilesMax, enter = [] } = options;
  const permission = allowRoot && process.getuid?.() === 0 ? ['--allow-root'] : [];
  const limits = openFilesMax === undefined ? [] : ['prlimit', `--nofile=${openFilesMax}:${openFilesMax}`];
  return [...enter, ...limits, process.execPath, MUVM, ...permission, '--vmm', TEST_DRIVER, ...args];
}

/** Runs muvm to its end. */
export function runMuvm(sandbox: Sandbox, args: readonly string[], options: MuvmOptions = {}): Promise<MuvmResult> {
  return startMuvm(sandbox, args, options).result;
}

export function startMuvm(sandbox: Sandbox, args: readonly string[], options: MuvmOptions = {}): RunningMuvm {
  const [program, ...words] = muvmCommand(args, options) as [string, ...string[]];
  const startedMs = performance.now();
  const child = spawn(program, words, {
    cwd: options.cwd ?? sandbox.files,
    env: { ...sandbox.env, ...options.env },
    stdio: [options.openInput || options.input !== undefined ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  if (options.input !== undefined) {
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
  }
  const output = new Output(child);
  return {
    pid: child.pid as number,
    stdin: child.stdin as Writable,
    stdout: child.stdout as Readable,
    result: settle(child, output, startedMs, patient(options.timeoutMs ?? TIMEOUT_MS)).then(async (result) => {
      if (result.status === EXIT_STATUS.muvmFailed) await keepLogs(sandbox);
      return result;
    }),
    untilOutput: (text) => output.until(text),
    kill: (signal) => void child.kill(signal),
  };
}

/** Collects what a client prints. */
class Output {
  readonly stdout: Buffer[] = [];
  readonly stderr: Buffer[] = [];
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => this.stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.stderr.push(chunk));
  }

  async until(text: string): Promise<void> {
    const isThere = () => Buffer.concat(this.stdout).includes(text);
    while (!isThere()) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`muvm ended before it printed "${text}": ${Buffer.concat(this.stderr)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function settle(child: ChildProcess, output: Output, startedMs: number, timeoutMs: number): Promise<MuvmResult> {
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const stdoutBytes = Buffer.concat(output.stdout);
      const stderr = Buffer.concat(output.stderr).toString();
      resolve({
        stdoutBytes,
        stdout: stdoutBytes.toString(),
        stderr,
        errors: stderr.replaceAll(/^muvm: note: .*\n/gm, ''),
        status: code ?? 128 + constants.signals[signal as NodeJS.Signals],
        timedOut,
        durationMs: performance.now() - startedMs,
      });
    });
  });
}
