import { existsSync } from 'node:fs';
import { createConnection, type NetConnectOpts, type Socket } from 'node:net';
import { type Display, parseDisplay } from '@muvm/x11';

/** An X server that can be connected to. */
export interface X11Server {
  /** As DISPLAY names it. */
  readonly name: string;
  readonly display: Display;
  /** Where it may listen, the most likely first. */
  readonly addresses: readonly NetConnectOpts[];
}

/** Display N of X(7) listens on this port plus N. */
const FIRST_PORT = 6000;

/** The server that DISPLAY names. Undefined for a text that names none. */
export function serverAddress(name: string): X11Server | undefined {
  const display = parseDisplay(name);
  return display && { name, display, addresses: addressesOf(display) };
}

/** The VMM joins a GPU's channel with the socket of a display of this machine, where it has a file. */
export function isReachedByGpu({ display }: X11Server): boolean {
  return display.kind === 'local' && existsSync(`/tmp/.X11-unix/X${display.number}`);
}

function addressesOf(display: Display): NetConnectOpts[] {
  switch (display.kind) {
    case 'path':
      // The number of a screen may follow the path.
      return [{ path: display.path }, { path: display.path.replace(/\.\d+$/, '') }];
    case 'tcp':
      return [{ host: display.host, port: FIRST_PORT + display.number }];
    case 'local': {
      const path = `/tmp/.X11-unix/X${display.number}`;
      // Most servers listen in the abstract namespace too, and some there alone.
      return [{ path }, { path: `\0${path}` }];
    }
  }
}

/** @throws the system's error of the first address where nobody listens at any */
export async function connectToServer({ addresses }: X11Server, signal: AbortSignal): Promise<Socket> {
  let first: unknown;
  for (const address of addresses) {
    try {
      return await connected(address, signal);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

// The signal is not given to the socket itself, which it would end at any later time.
function connected(address: NetConnectOpts, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = createConnection({ ...address, noDelay: true } as NetConnectOpts);
    const giveUp = () => socket.destroy(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    // It stays: whoever has the socket learns of an error by its close.
    socket.on('error', reject);
    socket.once('close', () => signal.removeEventListener('abort', giveUp));
    socket.once('connect', () => {
      signal.removeEventListener('abort', giveUp);
      resolve(socket);
    });
  });
}
