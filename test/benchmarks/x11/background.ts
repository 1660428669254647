import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { until } from '../../framework/until.ts';

/** A program that goes on until it is disposed of. */
export interface Background extends AsyncDisposable {
  /** @returns all that it has said by then. @throws Error where it ends before, or says nothing of the kind in time */
  untilOutput(text: string): Promise<string>;
  untilFile(path: string): Promise<void>;
}

const READY_TIMEOUT_MS = 20_000;
const END_TIMEOUT_MS = 5000;

export interface BackgroundOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A file that it leaves. */
  readonly remove?: string;
}

export function startBackground(words: readonly string[], { env, remove }: BackgroundOptions = {}): Background {
  const [program, ...args] = words as [string, ...string[]];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const ended = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const wait = async (isReady: () => boolean) => {
    const isInTime = await until(() => isReady() || isOver(), READY_TIMEOUT_MS);
    if (!isInTime || isOver()) throw new Error(`${program} is not ready: ${output.trim() || 'it says nothing'}`);
  };
  return {
    async untilOutput(text) {
      await wait(() => output.includes(text));
      return output;
    },
    untilFile: (path) => wait(() => existsSync(path)),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const giveUp = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
      await ended;
      clearTimeout(giveUp);
      if (remove !== undefined) rmSync(remove, { force: true });
    },
  };
}
