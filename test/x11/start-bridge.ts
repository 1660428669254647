import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../framework/index.ts';

const PEERS = join(REPOSITORY, 'dist/peers');
const READY_MS = 20_000;
/** Displays from here on are no server's own. */
const FIRST_DISPLAY = 700;

export interface RunningPeer extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly socket: string;
  /** What it has said so far, in lines. */
  lines(): string[];
}

/** A bridge: a display that leads to another. */
export interface RunningBridge extends RunningPeer {
  readonly display: string;
}

/** Starts the server of test/x11/scripted. */
export function startScriptedServer(): Promise<RunningPeer> {
  return startPeer('x11-scripted/server.cjs', (socket) => [socket]);
}

/** Starts the bridge on its stand-in for a GPU. @param server the socket of an X server */
export async function startBridge(server: string, futexes: 'shared' | 'apart' = 'shared'): Promise<RunningBridge> {
  const peer = await startPeer('bridge-peer.cjs', (socket) => [socket, server, futexes]);
  const number = FIRST_DISPLAY + ((peer.process.pid as number) % 30_000);
  const link = `/tmp/.X11-unix/X${number}`;
  rmSync(link, { force: true });
  symlinkSync(peer.socket, link);
  return {
    ...peer,
    display: `:${number}`,
    async [Symbol.asyncDispose]() {
      rmSync(link, { force: true });
      await peer[Symbol.asyncDispose]();
    },
  };
}

async function startPeer(bundle: string, words: (socket: string) => readonly string[]): Promise<RunningPeer> {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-bridge-'));
  const socket = join(directory, 'socket');
  const child = spawn(process.execPath, [join(PEERS, bundle), ...words(socket)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'exit');
  const ready = once(child.stdout, 'data', { signal: AbortSignal.timeout(READY_MS) });
  await Promise.race([ready, ended.then(() => Promise.reject(new Error(`${bundle} ended: ${said}`)))]);
  return {
    process: child,
    socket,
    lines: () => said.split('\n').slice(0, -1),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
