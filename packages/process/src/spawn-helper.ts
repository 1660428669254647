import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { MuvmError, reasonOf } from '@muvm/errors';
import { Deferred } from '@muvm/lifetime';
import { execa } from 'execa';
import { boundToParent } from './bound-to-parent.ts';
import { describeExit, type HelperExit } from './describe-exit.ts';

export type { HelperExit } from './describe-exit.ts';

export interface HelperOptions {
  /** Name for messages, such as `virtiofsd`. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors that the program finds as 3, 4, … The caller keeps its own and closes them. */
  readonly descriptors?: readonly number[];
  /** Takes each line of stderr, without its end. */
  readonly onErrorLine?: (line: string) => void;
  /** Time between SIGTERM and SIGKILL at the end. */
  readonly graceMs?: number;
}

/** A running helper. Disposal ends it and waits for its end. */
export interface Helper extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly stdout: Readable;
  /** How it ended, as soon as it has. Never rejects. */
  readonly exited: Promise<HelperExit>;
  hasExited(): boolean;
}

const GRACE_MS = 2000;
// A line longer than this is cut: a helper that writes no line ends must not fill our memory.
const ERROR_LINE_BYTES_MAX = 16_384;

/**
 * Starts a helper that dies with this process, whatever kills it.
 *
 * @throws MuvmError MISSING_PART where the program cannot be started
 */
export async function spawnHelper(options: HelperOptions): Promise<Helper> {
  const { name, graceMs = GRACE_MS } = options;
  const [program, args] = boundToParent(options.program, options.args);
  const child = execa(program, args, {
    env: options.env,
    extendEnv: false,
    reject: false,
    buffer: false,
    cleanup: true,
    forceKillAfterDelay: graceMs,
    stdio: ['ignore', 'pipe', 'pipe', ...(options.descriptors ?? []).map(anyDescriptor)],
  });
  const exited = new Deferred<HelperExit>();
  child.once('exit', (code, signal) => exited.resolve(describeExit(name, code, signal)));
  readLines(child.stderr as Readable, options.onErrorLine);
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new MuvmError('MISSING_PART', `Cannot start "${options.program}": ${reasonOf(error)}`, { cause: error });
  }
  return {
    name,
    pid: child.pid as number,
    stdout: child.stdout as Readable,
    exited: exited.promise,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited.promise;
    },
  };
}

// execa's types list descriptors up to 9 alone, though any number is passed on.
function anyDescriptor(fd: number): 3 {
  return fd as 3;
}

function readLines(stream: Readable, onLine: ((line: string) => void) | undefined): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, ERROR_LINE_BYTES_MAX);
    for (const line of lines) if (line.trim() !== '') onLine?.(line);
  });
  stream.once('end', () => {
    if (rest.trim() !== '') onLine?.(rest);
  });
  stream.on('error', () => {});
}
