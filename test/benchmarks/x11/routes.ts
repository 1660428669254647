import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '../../framework/has-program.ts';
import { REPOSITORY } from '../../framework/repository.ts';
import type { XServer } from '../../framework/x-server.ts';
import { type Background, startBackground } from './background.ts';
import { openSsh } from './ssh.ts';
import type { ClientEnvironment } from './tasks.ts';

/** A way to the server. */
export interface Route {
  readonly name: string;
  readonly env: ClientEnvironment;
}

export interface RouteContext {
  readonly server: XServer;
  /** For its files. */
  readonly directory: string;
  /** Ends with the bench. OWNERSHIP: takes it. */
  keep(process: Background): Background;
}

/** Opens a way, or tells why there is none. */
type Opening = (context: RouteContext) => Promise<ClientEnvironment | string>;

const SOCKETS = '/tmp/.X11-unix';
const SOCKET_BRIDGE = 'dist/bench/x11-bridge.cjs';
const GPU_BRIDGE = 'dist/bench/x11/bridge-peer.cjs';

const socketOf = (display: string) => join(SOCKETS, `X${display.slice(1)}`);

/** A display that nobody has. */
function freeDisplay(): string {
  let number = 200;
  while (existsSync(join(SOCKETS, `X${number}`))) number += 1;
  return `:${number}`;
}

/** @param nameServer how the bridge is told of the server */
function openBridge(bundle: string, nameServer: (display: string) => string): Opening {
  return async ({ server, keep }) => {
    const display = freeDisplay();
    const words = [process.execPath, join(REPOSITORY, bundle), socketOf(display), nameServer(server.env.DISPLAY)];
    const bridge = keep(startBackground(words, { remove: socketOf(display) }));
    await bridge.untilOutput('ready');
    return { ...server.env, DISPLAY: display };
  };
}

async function openSocat({ server, keep }: RouteContext) {
  if (!hasProgram('socat')) return 'there is no socat';
  const display = freeDisplay();
  const listen = `UNIX-LISTEN:${socketOf(display)},fork,backlog=256`;
  const words = ['socat', listen, `UNIX-CONNECT:${socketOf(server.env.DISPLAY)}`];
  const socat = keep(startBackground(words, { remove: socketOf(display) }));
  await socat.untilFile(socketOf(display));
  return { ...server.env, DISPLAY: display };
}

/** A bridge of another mode is one more row, whose name begins with "bridge". */
const OPENINGS: Readonly<Record<string, Opening>> = {
  Xvfb: async ({ server }) => server.env,
  'bridge (socket)': openBridge(SOCKET_BRIDGE, (display) => display),
  // On a stand-in for the GPU, which works in the same process.
  'bridge (cross-domain)': openBridge(GPU_BRIDGE, socketOf),
  socat: openSocat,
  'ssh -X': openSsh,
};

export interface Routes extends AsyncDisposable {
  readonly open: readonly Route[];
  /** Why the others are not there. */
  readonly obstacles: Readonly<Record<string, string>>;
}

/** Disposal ends everything that was started for them. */
export async function openRoutes(server: XServer): Promise<Routes> {
  const directory = mkdtempSync(join(tmpdir(), 'muvm-bx-'));
  const kept: Background[] = [];
  const keep = (process: Background) => {
    kept.push(process);
    return process;
  };
  const open: Route[] = [];
  const obstacles: Record<string, string> = {};
  for (const [name, opening] of Object.entries(OPENINGS)) {
    const way = await opening({ server, directory, keep }).catch((error: Error) => error.message);
    if (typeof way === 'string') obstacles[name] = way;
    else open.push({ name, env: way });
  }
  return {
    open,
    obstacles,
    async [Symbol.asyncDispose]() {
      for (const process of kept.reverse()) await process[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
