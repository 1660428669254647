import { MuvmError, reasonOf } from '@muvm/errors';

/** Absolute. @throws MuvmError USAGE where it was removed, or cannot be reached any more */
export function currentDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    const hint = 'Go to another directory if it was removed, or name one with -w.';
    throw new MuvmError('USAGE', `Cannot find the current directory: ${reasonOf(cause)}`, { hint, cause });
  }
}
