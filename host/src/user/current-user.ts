import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/** The user that this process belongs to. */
export interface CurrentUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

type ReadEntry = () => { readonly username: string; readonly homedir: string; readonly shell: string | null };

/**
 * Who runs muvm: by passwd(5), and by the environment where that has no entry, as in containers and for users of a
 * directory service that is not there. `HOME` is stronger than the entry, as for every program.
 */
export function currentUser(env: Environment = process.env, readEntry: ReadEntry = userInfo): CurrentUser {
  const ids = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
  const entry = entryOr(readEntry, {
    username: env['USER'] || env['LOGNAME'] || `${ids.uid}`,
    homedir: '/',
    shell: env['SHELL'] || null,
  });
  return {
    ...ids,
    name: entry.username,
    home: isAbsolute(env['HOME'] ?? '') ? (env['HOME'] as string) : entry.homedir,
    shell: entry.shell || '/bin/sh',
  };
}

function entryOr(readEntry: ReadEntry, fallback: ReturnType<ReadEntry>): ReturnType<ReadEntry> {
  try {
    return readEntry();
  } catch {
    return fallback;
  }
}
