import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { reasonOf } from '@muvm/errors';
import { runAs } from '@muvm/linux';
import type { GuestConfig, Identity } from '@muvm/protocol/contract';
import { CONSOLE_FD } from '../console/index.ts';
import { accountOf, commandEnvironment } from '../exec/index.ts';

/** A machine that does not come up tells nobody why, so a hook that hangs is ended. */
const TIMEOUT_MS = 60_000;
/** Of what a hook says before it fails, the end. */
const OUTPUT_BYTES_MAX = 2048;
const CAPTURE_BYTES_MAX = 1024 * 1024;

type HookConfig = Pick<GuestConfig, 'hooks' | 'user' | 'environment'>;

/** @throws Error with what the hook said, for the first one that fails */
export function runRootHooks(config: HookConfig): string | undefined {
  return runHooks(config, 'root', config.hooks.root);
}

/** @throws Error with what the hook said, for the first one that fails */
export function runUserHooks(config: HookConfig): string | undefined {
  return runHooks(config, 'user', config.hooks.user);
}

function runHooks(config: HookConfig, identity: Identity, paths: readonly string[]): string | undefined {
  if (paths.length === 0) return 'there are none';
  for (const path of paths) runHook(config, identity, path);
  return undefined;
}

function runHook(config: HookConfig, identity: Identity, path: string): void {
  const account = accountOf(identity, config);
  // The child takes over the rights of the thread that makes it, supplementary groups included.
  const { status, signal, error, output } = runAs(account, () =>
    spawnSync(path, [], {
      cwd: '/',
      env: commandEnvironment({}, account, false),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: CAPTURE_BYTES_MAX,
    }),
  );
  const said = Buffer.concat((output ?? []).filter((part) => part !== null));
  toConsole(said);
  if (status === 0) return;
  throw new Error(`hook "${path}" ${howItFailed(error, status, signal)}${quoted(said)}`);
}

function howItFailed(error: Error | undefined, status: number | null, signal: string | null): string {
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') {
    return `did not end within ${TIMEOUT_MS / 1000} s`;
  }
  if (error) return `cannot be run: ${reasonOf(error)}`;
  return signal === null ? `ended with status ${status}` : `was killed by ${signal}`;
}

/** On one line, as what is told of it is one. */
function quoted(said: Buffer): string {
  const text = said.subarray(-OUTPUT_BYTES_MAX).toString().trim();
  return text === '' ? '' : `, and said: ${text.split(/\s*\n\s*/).join(' | ')}`;
}

function toConsole(said: Buffer): void {
  try {
    writeSync(CONSOLE_FD, said);
  } catch {
    // A console that is full or gone must not end the machine.
  }
}
