import { readdirSync, readFileSync } from 'node:fs';

/** What proc_pid_status(5) says of a thread. The sets of signals have bit N - 1 for signal N. */
export interface ThreadStatus {
  /** "program", cut to 15 bytes by the kernel. */
  readonly name: string;
  /** One letter: R, S, D, T, t, Z, X … */
  readonly state: string;
  /** The process that traces it, 0 for none. */
  readonly tracer: number;
  /** Its user, the effective one. */
  readonly uid: number;
  /** 0: no filter of system calls. */
  readonly seccomp: number;
  readonly pending: bigint;
  readonly blocked: bigint;
  readonly ignored: bigint;
}

/** Undefined: there is no such thread. */
export function threadStatus(pid: number, tid: number = pid): ThreadStatus | undefined {
  const text = readIfThere(`/proc/${pid}/task/${tid}/status`);
  return text === undefined ? undefined : parseStatus(text);
}

export function parseStatus(text: string): ThreadStatus {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
  const signals = (name: string) => BigInt(`0x${field(name) || '0'}`);
  return {
    name: field('Name'),
    state: field('State').charAt(0),
    tracer: Number(field('TracerPid')),
    uid: Number(field('Uid').split(/\s+/)[1]),
    seccomp: Number(field('Seccomp')),
    pending: signals('SigPnd'),
    blocked: signals('SigBlk'),
    ignored: signals('SigIgn'),
  };
}

/** Threads of a process, ended ones that nobody has waited for included. None: there is no such process. */
export function listThreads(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

export function hasEnded(status: ThreadStatus | undefined): boolean {
  return status === undefined || status.state === 'Z' || status.state === 'X';
}

/** A file of the kernel that may be missing. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}
