import { findProgram } from './find-program.ts';

let setpriv: string | undefined | null = null;

/**
 * Wraps a command so that the kernel kills it when this process dies, even by SIGKILL: setpriv(1) of util-linux sets
 * PR_SET_PDEATHSIG and becomes the command. Where there is no setpriv, the janitor of the VM is the only net.
 */
export function boundToParent(program: string, args: readonly string[]): [string, readonly string[]] {
  if (setpriv === null) setpriv = findProgram(['setpriv']);
  return setpriv ? [setpriv, ['--pdeathsig', 'KILL', '--', program, ...args]] : [program, args];
}
