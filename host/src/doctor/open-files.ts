import { readFileSync } from 'node:fs';
import { type Finding, note, ok } from './check.ts';

const SOURCE = '/proc/self/limits';
/** With fewer, a guest that walks over a large tree is told every few seconds to forget what it has seen. */
const LIMIT_MIN = 100_000;

/** Whether a machine may have many files open, from proc_pid_limits(5): the host needs one for each that the guest knows. */
export function checkOpenFiles(limits: string = readFileSync(SOURCE, 'utf8')): Finding {
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(limits) ?? [];
  if (hard === undefined) throw new TypeError(`Cannot find "Max open files" in "${SOURCE}"`);
  if (hard === 'unlimited' || Number(hard) >= LIMIT_MIN)
    return ok(`"${SOURCE}": a machine may have ${hard} files open`);
  return note(
    `"${SOURCE}": a machine may have only ${hard} files open, so that one in which much is read forgets files often`,
    `Raise the hard limit "nofile" to ${LIMIT_MIN} or more, in "/etc/security/limits.conf" or with "LimitNOFILE=" of systemd.`,
  );
}
