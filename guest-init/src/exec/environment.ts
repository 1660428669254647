import type { Account } from './account.ts';

export const FALLBACK_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const FALLBACK_TERM = 'xterm';

/** The whole environment of a command: what the caller wants, and what only the guest knows. Nothing of the agent's own. */
export function commandEnvironment(
  wanted: Readonly<Record<string, string>>,
  account: Account,
  hasTerminal: boolean,
): Record<string, string> {
  return {
    PATH: FALLBACK_PATH,
    HOME: account.home,
    USER: account.name,
    LOGNAME: account.name,
    SHELL: account.shell,
    XDG_RUNTIME_DIR: account.runtimeDirectory,
    ...account.environment,
    ...(hasTerminal ? { TERM: FALLBACK_TERM } : {}),
    ...wanted,
    // Fences in memfds cannot be seen by the host's side of a shared /dev/shm; files there can.
    XSHMFENCE_NO_MEMFD: '1',
  };
}
