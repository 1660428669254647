import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '@muvm/errors';
import { type Authority, parseAuthorities } from '@muvm/x11';
import type { X11Server } from './server-address.ts';

// X11/Xauth.h
const FAMILY = { local: 256, wild: 65_535 } as const;

/** The number of the guest's display. */
export const GUEST_DISPLAY = 1;

/**
 * What a program of the guest must show the X server, out of XAUTHORITY or `~/.Xauthority`: the entries for that server alone,
 * written for the display of the guest.
 *
 * @param onProblem told of a file that is there and cannot be read
 * @returns none where the server is to be asked without
 */
export function readX11Authority(
  server: X11Server,
  env: NodeJS.ProcessEnv,
  onProblem: (sentence: string) => void,
  host: string = hostname(),
): Authority[] {
  const path = env['XAUTHORITY'] || join(env['HOME'] ?? '/', '.Xauthority');
  try {
    const entries = parseAuthorities(readFileSync(path));
    return entries.filter((entry) => isFor(server, entry, host)).map(forGuest);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing) onProblem(`Cannot read the X11 authority file "${path}": ${reasonOf(error)}`);
    return [];
  }
}

/** Xau, `AuGetBest.c`: any address where the family is wild, any display where none is named. */
function isFor({ display }: X11Server, entry: Authority, host: string): boolean {
  const number = display.kind === 'path' ? undefined : `${display.number}`;
  if (entry.display !== '' && number !== undefined && entry.display !== number) return false;
  if (entry.family === FAMILY.wild) return true;
  const address = entry.address.toString('latin1');
  // Names of ssh's tunnels are entered as those of this machine.
  if (entry.family === FAMILY.local) return address === host;
  return display.kind === 'tcp';
}

function forGuest({ name, data }: Authority): Authority {
  return { family: FAMILY.wild, address: Buffer.alloc(0), display: `${GUEST_DISPLAY}`, name, data };
}
