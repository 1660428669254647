import { getSystemErrorMap } from 'node:util';

interface SystemErrorLike {
  readonly code: string;
  readonly errno?: number;
}

function isSystemError(error: unknown): error is SystemErrorLike {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;
}

/** `2` → `ENOENT`. Numbers are those of errno(3), positive. */
export function errnoName(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[0] ?? `errno ${errno}`;
}

/** `no such file or directory` for a failed system call, undefined for any other value. */
export function systemErrorReason(error: unknown): string | undefined {
  if (!isSystemError(error)) return undefined;
  for (const [name, text] of getSystemErrorMap().values()) if (name === error.code) return text;
  return error.code;
}
