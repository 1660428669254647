import { MuvmError, reasonOf } from '@muvm/errors';
import { hasEnded, readIfThere, type ThreadStatus, threadStatus } from './process-facts.ts';

const YAMA_FILE = '/proc/sys/kernel/yama/ptrace_scope';

/** A process in the words of a sentence. */
export function processName(pid: number, status: ThreadStatus | undefined = threadStatus(pid)): string {
  return status === undefined ? `process ${pid}` : `process ${pid} ("${status.name}")`;
}

export function endedError(pid: number): MuvmError {
  return new MuvmError('SYSTEM', `Cannot stop process ${pid} as it has ended`, {
    hint: 'Start the program again.',
  });
}

/** Why a thread cannot be traced: the kernel says EPERM for all reasons, so they are looked for. */
export function explainRefusal(pid: number, tid: number, cause: unknown): MuvmError {
  const status = threadStatus(pid, tid);
  if (hasEnded(status) || status === undefined) return endedError(pid);
  const { reason, hint } = findReason(status, cause);
  return new MuvmError('SYSTEM', `Cannot stop ${processName(pid, status)} as ${reason}`, { hint, cause });
}

/** What else there is to know: our own user, and what the Yama module allows ("0": all that the kernel does). */
export interface Surroundings {
  readonly uid: number;
  readonly scope: string;
}

function surroundings(): Surroundings {
  return { uid: process.geteuid?.() ?? 0, scope: readIfThere(YAMA_FILE)?.trim() ?? '0' };
}

/** The end of the sentence, and the hint. */
export function findReason(
  status: ThreadStatus,
  cause: unknown,
  { uid, scope }: Surroundings = surroundings(),
): { readonly reason: string; readonly hint: string } {
  if (status.tracer !== 0) {
    const reason = `${processName(status.tracer)} traces it already`;
    return { reason, hint: 'End strace or the debugger, and start the program again.' };
  }
  if (status.uid !== uid && uid !== 0) {
    const reason = `it belongs to user ${status.uid} and not to user ${uid}`;
    return { reason, hint: 'Run the program as your own user.' };
  }
  if (scope !== '0') {
    return { reason: `"${YAMA_FILE}" is ${scope} and must be 0`, hint: `Write 0 to "${YAMA_FILE}", as root.` };
  }
  const reason = `the kernel does not let it be traced (${reasonOf(cause)})`;
  return { reason, hint: 'Start the program without capabilities, set-user-id bits and other protection of its own.' };
}
