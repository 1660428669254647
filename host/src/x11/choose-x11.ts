import { reasonOf } from '@muvm/errors';
import type { GuestConfig, GuestSocket } from '@muvm/protocol/contract';
import { LINK_PORTS } from '@muvm/protocol/contract';
import { type Authority, clientSetup, formatAuthorities } from '@muvm/x11';
import { askServer } from './ask-server.ts';
import { GUEST_DISPLAY, readX11Authority } from './read-authority.ts';
import { isReachedByGpu, serverAddress, type X11Server } from './server-address.ts';

/** What a machine has of the host's X server. */
export interface ChosenX11 {
  /** Undefined where it has none. */
  readonly server: X11Server | undefined;
  readonly authorities: readonly Authority[];
  readonly guest: Pick<GuestConfig, 'x11' | 'environment'>;
  readonly sockets: readonly GuestSocket[];
}

export interface X11Wishes {
  readonly mode: 'auto' | 'cross-domain' | 'socket' | 'off';
  readonly uid: number;
}

const CHECK_TIMEOUT_MS = 5000;

/** @param onProblem told of what keeps a server away that was wished for */
export function chooseX11(
  { mode, uid }: X11Wishes,
  env: NodeJS.ProcessEnv,
  onProblem: (sentence: string) => void,
): ChosenX11 {
  if (mode === 'off') return none('it is off');
  const name = env['DISPLAY'];
  if (!name) {
    if (mode !== 'auto') onProblem('the guest has no X server, as DISPLAY is not set');
    return none('DISPLAY is not set on the host');
  }
  const server = serverAddress(name);
  if (!server) {
    onProblem(`the guest has no X server, as DISPLAY is ${JSON.stringify(name)}, which names none`);
    return none(`DISPLAY of the host is ${JSON.stringify(name)}, which names no X server`);
  }
  const isLocal = isReachedByGpu(server);
  if (mode === 'cross-domain' && !isLocal) {
    const reason = `DISPLAY is ${JSON.stringify(name)}, which is no socket of this machine that a GPU can be joined with`;
    onProblem(`the guest has no X server, as ${reason}; "--x11 socket" reaches it`);
    return none(reason);
  }
  const authorities = readX11Authority(server, env, onProblem);
  const path = `/run/user/${uid}/xauth`;
  const content = formatAuthorities(authorities).toString('base64');
  const authority = authorities.length === 0 ? null : { path, content };
  return {
    server,
    authorities,
    guest: { x11: { kind: isLocal ? mode : 'socket', authority }, environment: environmentOf(server, authority?.path) },
    sockets: [{ port: LINK_PORTS.x11, path: `/tmp/.X11-unix/X${GUEST_DISPLAY}`, isOptional: true }],
  };
}

function none(reason: string): ChosenX11 {
  return { server: undefined, authorities: [], guest: { x11: { kind: 'none', reason }, environment: {} }, sockets: [] };
}

function environmentOf({ display }: X11Server, authorityPath: string | undefined): Record<string, string> {
  return {
    DISPLAY: `:${GUEST_DISPLAY}${display.screen === 0 ? '' : `.${display.screen}`}`,
    ...(authorityPath === undefined ? {} : { XAUTHORITY: authorityPath }),
    // The server names the driver of the host, whose part for clients the guest may not have.
    __GLX_VENDOR_LIBRARY_NAME: 'mesa',
  };
}

/** Whether programs of the guest will be let in. @returns why not, as the end of a sentence */
export async function x11Obstacle({ server, authorities }: ChosenX11): Promise<string | undefined> {
  if (!server) return undefined;
  try {
    const facts = await askServer(server, clientSetup(authorities[0]), [], AbortSignal.timeout(CHECK_TIMEOUT_MS));
    if (facts.refusal === undefined) return undefined;
    return `the X server of DISPLAY "${server.name}" refuses programs of the guest: ${facts.refusal}`;
  } catch (error) {
    return `no X server answers at DISPLAY "${server.name}": ${reasonOf(error)}`;
  }
}
