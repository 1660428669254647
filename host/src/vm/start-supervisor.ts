import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { MuvmError } from '@muvm/errors';
import type { VmPlan } from '../config/vm-plan.ts';
import { bundleArguments } from './bundle-path.ts';
import type { VmLock } from './lock.ts';
import { parseStartReport, REPORT_BYTES_MAX } from './start-report.ts';

// What the supervisor and its helpers need of the caller's environment. Commands get theirs with each call.
const PASSED_VARIABLES = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TMPDIR|XDG_[A-Z_]+|MUVM_[A-Z_]+)$/,
  // The GPU of a VM finds the display, the sound server and its drivers by these.
  /^(DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|PIPEWIRE_[A-Z_]+|LIBGL_DRIVERS_PATH|LD_LIBRARY_PATH|MESA_LOADER_DRIVER_OVERRIDE)$/,
  /^(VK_[A-Z_]+|RUST_LOG)$/,
];

/** Whether the supervisor of a VM learns of a variable of the one who starts it. */
export function reachesSupervisor(name: string): boolean {
  return PASSED_VARIABLES.some((pattern) => pattern.test(name));
}

/**
 * Starts the supervisor of a VM, detached from the caller's session, and waits until its sockets accept connections.
 * The lock goes with it: the supervisor's copy of the descriptor keeps it held.
 *
 * @throws MuvmError with what the supervisor reported
 */
export async function startSupervisor(plan: VmPlan, lock: VmLock): Promise<void> {
  const child = spawn(process.execPath, bundleArguments('muvm-supervisor'), {
    cwd: '/',
    detached: true,
    env: Object.fromEntries(Object.entries(process.env).filter(([key]) => reachesSupervisor(key))),
    stdio: ['pipe', 'ignore', 'pipe', lock.fd, 'pipe'],
  });
  child.on('error', () => {});
  const planPipe = child.stdin as Writable;
  planPipe.on('error', () => {});
  planPipe.end(JSON.stringify(plan));
  const report = await firstLine(child.stdio[4] as Readable);
  if (report === undefined) throw await endedWithoutReport(child);
  release(child);
  const failure = parseStartReport(report);
  if (failure) throw failure;
}

/** Lets this process end without waiting for the supervisor. */
function release(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy();
  child.unref();
}

async function firstLine(stream: Readable): Promise<string | undefined> {
  let received = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    received += chunk;
    const end = received.indexOf('\n');
    if (end >= 0) return received.slice(0, end);
    if (received.length > REPORT_BYTES_MAX) break;
  }
  return undefined;
}

async function endedWithoutReport(child: ChildProcess): Promise<MuvmError> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  const stderr = await text(child.stderr as Readable).catch(() => '');
  await ended;
  const fault = stderr.split('\n').find((line) => /^\w*Error\b/.test(line));
  const how = child.signalCode ? `killed by ${child.signalCode}` : `status ${child.exitCode}`;
  return new MuvmError('START_FAILED', `Supervisor ended before it was ready: ${fault ?? how}`);
}
