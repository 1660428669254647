import { chownSync, writeFileSync } from 'node:fs';
import type { GuestConfig } from '@muvm/protocol/contract';

/** Puts the authority file where XAUTHORITY says. @returns why there is no X server */
export function prepareX11({ x11, user }: Pick<GuestConfig, 'x11' | 'user'>): string | undefined {
  if (x11.kind === 'none') return x11.reason;
  if (x11.authority === null) return undefined;
  const { path, content } = x11.authority;
  // It is a key: at no moment may another user of the guest read it.
  writeFileSync(path, Buffer.from(content, 'base64'), { mode: 0o600, flag: 'wx' });
  chownSync(path, user.uid, user.gid);
  return undefined;
}
