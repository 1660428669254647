import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** Signals a process group. One that is gone already is no error. */
export function signalGroup(group: number, signal: number): void {
  killQuietly(-group, signal);
}

/** Kills every process of these sessions, whatever group it has moved to. */
export function killSessions(sessions: ReadonlySet<number>): void {
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (Number.isInteger(pid) && sessions.has(sessionOf(pid))) killQuietly(pid, constants.signals.SIGKILL);
  }
}

/** The session of a process by proc_pid_stat(5), -1 for one that is gone. */
function sessionOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, field 2, may hold anything; after its bracket follow state, parent, group, session.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ', 4)[3]);
  } catch {
    return -1;
  }
}

function killQuietly(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
