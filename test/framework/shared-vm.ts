/**
 * One VM with the default configuration for all test files that a worker of jest runs, because a cold start takes seconds. A file
 * gets a directory of its own in it and must leave the VM as it was; the VM ends after the last file.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patient } from './driver.ts';
import { expectNothingLeft } from './nothing-left.ts';
import { muvmCommand, runMuvm } from './run-muvm.ts';
import { createSandbox, openSandbox, type Sandbox } from './sandbox.ts';
import { BOOT_TIMEOUT_MS, startVm } from './start-vm.ts';
import { until } from './until.ts';

/** The process id of jest, which its workers inherit; without the set-up of a run, this process. */
const RUN_VARIABLE = 'MUVM_TEST_RUN';
const PLACE_PREFIX = 'muvm-run-';
const IDLE_TIMEOUT_MS = 10_000;
/** Until a VM ends whose process of jest was killed. */
const ORPHAN_SECONDS = 5;
/** Commands in an idle VM: the one that keeps it. */
const IDLE_COMMANDS = 1;

interface State {
  readonly directory: string;
  readonly supervisorPid: number;
  /** The test files that used the VM, in their order. */
  readonly users: readonly string[];
}

interface Facts {
  readonly supervisorPid: number;
  readonly commands: { readonly attached: number };
}

/** What `createSandbox()` makes. */
const SANDBOX = /\/muvm-t-\w{6}$/;

const placeOf = (run: string) => join(tmpdir(), `${PLACE_PREFIX}${run}`);
const statePath = () => {
  const run = process.env[RUN_VARIABLE] ?? `${process.pid}`;
  return join(placeOf(run), `${process.env['JEST_WORKER_ID'] ?? '0'}.json`);
};

function readState(): State | undefined {
  const path = statePath();
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as State) : undefined;
}

function writeState(state: State): void {
  mkdirSync(join(statePath(), '..'), { recursive: true, mode: 0o700 });
  writeFileSync(`${statePath()}.new`, JSON.stringify(state));
  renameSync(`${statePath()}.new`, statePath());
}

async function facts(sandbox: Sandbox): Promise<Facts | undefined> {
  const [first] = JSON.parse((await runMuvm(sandbox, ['--status', '--json'])).stdout) as Facts[];
  return first;
}

/** Joins the VM of this worker, or starts it. @throws Error if it ended since a file used it */
export async function joinSharedVm(file: string): Promise<Sandbox> {
  const state = readState();
  if (state === undefined) return startSharedVm(file);
  const sandbox = openForFile(state.directory);
  const current = await facts(sandbox);
  if (current?.supervisorPid !== state.supervisorPid) {
    throw new Error(`The shared VM ended since these test files used it: ${state.users.join(', ')}`);
  }
  writeState({ ...state, users: [...state.users, file] });
  return sandbox;
}

async function startSharedVm(file: string): Promise<Sandbox> {
  const sandbox = createSandbox();
  await startVm(sandbox, [], { lingerSeconds: ORPHAN_SECONDS });
  await keepAlive(sandbox);
  const { supervisorPid } = (await facts(sandbox)) ?? { supervisorPid: 0 };
  writeState({ directory: sandbox.directory, supervisorPid, users: [file] });
  return openForFile(sandbox.directory);
}

/** Keeps the VM up as long as this process of jest lives: it holds the input of a command in it. So kill -9 leaves no VM. */
async function keepAlive(sandbox: Sandbox): Promise<void> {
  const [program, ...args] = muvmCommand(['-i', '--', 'sh', '-c', 'echo up; exec cat']) as [string, ...string[]];
  const keeper = spawn(program, args, { cwd: sandbox.directory, env: sandbox.env, stdio: ['pipe', 'pipe', 'ignore'] });
  await once(keeper.stdout, 'data', { signal: AbortSignal.timeout(patient(BOOT_TIMEOUT_MS)) });
  // Jest waits for no descriptor of it.
  keeper.stdout.destroy();
  (keeper.stdin as Socket).unref();
  keeper.unref();
}

/** The sandbox of the shared VM with a directory for the files of one test file. */
function openForFile(directory: string): Sandbox {
  return openSandbox(directory, mkdtempSync(join(directory, 'files-')));
}

/** Checks that a test file leaves the shared VM running and idle. @throws Error if not */
export async function leaveSharedVm(sandbox: Sandbox, file: string): Promise<void> {
  const isIdle = await until(async () => (await facts(sandbox))?.commands.attached === IDLE_COMMANDS, IDLE_TIMEOUT_MS);
  rmSync(sandbox.files, { recursive: true, force: true });
  if (!isIdle) throw new Error(`${file} left the shared VM ended, or with a command that runs`);
}

/** Names this run of jest for its workers, and ends what a killed run left. */
export function openSharedVms(): void {
  process.env[RUN_VARIABLE] = `${process.pid}`;
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(PLACE_PREFIX));
  const runs = names.map((name) => name.slice(PLACE_PREFIX.length));
  const isStale = (run: string) => run === `${process.pid}` || !existsSync(`/proc/${run}`);
  const stale = runs.filter((run) => isStale(run) && isPrivate(placeOf(run)));
  for (const run of stale) {
    for (const sandbox of sandboxesOf(run)) sandbox[Symbol.dispose]();
    rmSync(placeOf(run), { recursive: true, force: true });
  }
}

/** Stops the VMs that the workers of this run shared. @throws Error if anything of them is left */
export async function closeSharedVms(): Promise<void> {
  const run = `${process.pid}`;
  try {
    for (const each of sandboxesOf(run)) {
      using sandbox = each;
      await runMuvm(sandbox, ['--stop']);
      await expectNothingLeft(sandbox);
    }
  } finally {
    rmSync(placeOf(run), { recursive: true, force: true });
  }
}

/** Whether a directory is there and belongs to this user alone: others may write to the directory for temporary files. */
function isPrivate(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === process.getuid?.() && (stats.mode & 0o022) === 0;
}

function sandboxesOf(run: string): Sandbox[] {
  const place = placeOf(run);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(place, name), 'utf8')) as State)
    .filter(({ directory }) => SANDBOX.test(directory) && isPrivate(directory))
    .map(({ directory }) => openSandbox(directory));
}
