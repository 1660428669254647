import type { Credentials } from '@muvm/linux';
import type { GuestConfig, Identity } from '@muvm/protocol/contract';

/** Whose rights and whose places a command gets. */
export interface Account extends Credentials {
  readonly name: string;
  readonly home: string;
  readonly shell: string;
  readonly runtimeDirectory: string;
  /** What the machine gives to every command. */
  readonly environment: Readonly<Record<string, string>>;
}

const ROOT = { uid: 0, gid: 0, groups: [], name: 'root', home: '/root', shell: '/bin/sh' } as const;

/** The account of an identity. Where the host's user is root, both are that user. */
export function accountOf(
  identity: Identity,
  { user, environment }: Pick<GuestConfig, 'user' | 'environment'>,
): Account {
  const account = identity === 'root' && user.uid !== 0 ? ROOT : user;
  return { ...account, environment, runtimeDirectory: `/run/user/${account.uid}` };
}
