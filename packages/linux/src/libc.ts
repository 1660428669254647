import { errnoName, systemErrorReason } from '@muvm/errors';
import { loadKoffi } from './koffi.ts';

/** EAGAIN and EWOULDBLOCK of asm-generic/errno-base.h. */
export const EAGAIN_ERRNO = 11;

type Argument = number | bigint | string | Buffer | null | readonly Argument[];
type NativeFunction = (...args: readonly Argument[]) => number;

let libc: { func(prototype: string): NativeFunction } | undefined;

/**
 * Declares one function of the C library, resolved on its first call. Prototypes are koffi's; there is no `ssize_t`,
 * write `int64_t`.
 */
export function libcFunction(prototype: string): NativeFunction {
  let native: NativeFunction | undefined;
  return (...args) => {
    libc ??= loadKoffi().load('libc.so.6') as unknown as typeof libc;
    native ??= libc?.func(prototype) as NativeFunction;
    return native(...args);
  };
}

/** The error of a system call, in the shape of Node's own: `code`, `errno`, `syscall`, `path`. */
export function systemError(syscall: string, errno: number, path?: string): NodeJS.ErrnoException {
  const code = errnoName(errno);
  const reason = systemErrorReason({ code, syscall }) ?? code;
  const error: NodeJS.ErrnoException = new Error(`${code}: ${reason}, ${syscall}${path ? ` '${path}'` : ''}`);
  return Object.assign(error, { code, errno: -errno, syscall, ...(path ? { path } : {}) });
}

/** The errno of the last native call of this thread. */
export function lastErrno(): number {
  return loadKoffi().errno();
}

/** Passes a result of 0 or more on. @throws a system error for a negative one */
export function checked(syscall: string, result: number, path?: string): number {
  if (result < 0) throw systemError(syscall, lastErrno(), path);
  return result;
}
