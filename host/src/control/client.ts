import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { delay, timedOut } from '@muvm/lifetime';
import { runDirectory, vmFile } from '../vm/run-directory.ts';
import type { ProgressEvent, VmStatus } from './status.ts';

const STOP_POLL_MS = 20;
// The supervisor gives the guest 10 s to end by itself before it ends the machine.
const STOP_TIMEOUT_MS = 30_000;
// A supervisor that is stopped or stuck must not hang `muvm --status`.
const ANSWER_TIMEOUT_MS = 5000;

/** The status of a VM, or undefined where none of that name lives. */
export async function fetchVmStatus(name: string): Promise<VmStatus | undefined> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const response = await call(name, 'GET', '/v1/status', signal);
  return response && (JSON.parse(await text(response)) as VmStatus);
}

/** The phases of a VM's start: those passed at once, each other when it is reached. Ends with the VM or the signal. */
export async function* watchProgress(name: string, signal: AbortSignal): AsyncIterable<ProgressEvent> {
  try {
    const response = await call(name, 'GET', '/v1/progress', signal);
    let rest = '';
    for await (const chunk of response?.setEncoding('utf8') ?? []) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as ProgressEvent;
    }
  } catch (error) {
    if (!signal.aborted && !isConnectionEnd(error)) throw error;
  }
}

/** Ends a VM and waits until nothing of it is left. @returns false where none of that name lives */
export async function stopVm(name: string): Promise<boolean> {
  const response = await call(name, 'POST', '/v1/stop', AbortSignal.timeout(ANSWER_TIMEOUT_MS));
  if (!response) return false;
  response.resume();
  const latestMs = Date.now() + STOP_TIMEOUT_MS;
  while (existsSync(runDirectory(name))) {
    if (Date.now() > latestMs) throw timedOut(`VM "${name}" did not end`, STOP_TIMEOUT_MS);
    await delay(STOP_POLL_MS);
  }
  return true;
}

async function call(
  name: string,
  method: string,
  path: string,
  signal: AbortSignal,
): Promise<IncomingMessage | undefined> {
  const outgoing = request({ socketPath: vmFile(name, 'controlSocket'), method, path, signal, agent: false });
  outgoing.end();
  try {
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return response;
  } catch (error) {
    if (isConnectionEnd(error)) return undefined;
    throw error;
  }
}

function isConnectionEnd(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE';
}
