import { chownSync, closeSync, writeFileSync } from 'node:fs';
import { MuvmError } from '@muvm/errors';
import { type GuestConfig, LINK_PORTS } from '@muvm/protocol/contract';
import { boundSockets } from '../sockets/index.ts';
import { crossDomainObstacle } from './cross-domain-obstacle.ts';

/** The socket whose clients the bridge serves: chosen by the boot step, taken by the servers. */
export const bridged: { listener: number | undefined } = { listener: undefined };

/**
 * Puts the authority file where XAUTHORITY says, and chooses the way to the server.
 *
 * @returns why there is no X server @throws MuvmError BOOT_FAILED where the one way that was asked for is not there
 */
export function prepareX11({ x11, user }: Pick<GuestConfig, 'x11' | 'user'>): string | undefined {
  if (x11.kind === 'none') return x11.reason;
  if (x11.authority !== null) writeAuthority(x11.authority, user);
  if (x11.kind === 'socket') return undefined;
  const obstacle = crossDomainObstacle();
  if (obstacle === undefined) bridged.listener = takeSocket();
  else if (x11.kind === 'cross-domain') refuse(obstacle);
  return undefined;
}

function writeAuthority({ path, content }: { path: string; content: string }, user: GuestConfig['user']): void {
  // It is a key: at no moment may another user of the guest read it.
  writeFileSync(path, Buffer.from(content, 'base64'), { mode: 0o600, flag: 'wx' });
  chownSync(path, user.uid, user.gid);
}

/** From here on it is not forwarded as a stream. */
function takeSocket(): number | undefined {
  const fd = boundSockets.get(LINK_PORTS.x11);
  boundSockets.delete(LINK_PORTS.x11);
  return fd;
}

function refuse(obstacle: string): never {
  const fd = takeSocket();
  if (fd !== undefined) closeSync(fd);
  throw new MuvmError('BOOT_FAILED', `Cannot share windows through the GPU: ${obstacle}`, {
    hint: 'Use "--x11 socket", which needs no GPU, or a libkrun that was built with one.',
  });
}
