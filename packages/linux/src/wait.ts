import { checked, libcFunction } from './libc.ts';

// linux/wait.h
const WNOHANG = 1;

const native = {
  waitpid: libcFunction('int waitpid(int pid, _Out_ int *status, int options)'),
};

/** How a process ended. */
export type ProcessEnd = { readonly code: number } | { readonly signal: number };

/** Collects a child that has ended, by waitpid(2). Undefined while it lives. @throws a system error where it is no child */
export function collectChild(pid: number): ProcessEnd | undefined {
  const status = [0];
  if (checked('waitpid', native.waitpid(pid, status, WNOHANG)) === 0) return undefined;
  return decodeWaitStatus(status[0] as number);
}

/** Bits of the status, bits/waitstatus.h: 0 to 6 the signal, 7 whether it dumped core, 8 to 15 the exit code. */
export function decodeWaitStatus(status: number): ProcessEnd {
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff } : { signal };
}
