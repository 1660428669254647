import { muvmCommand } from './run-muvm.ts';
import type { Sandbox } from './sandbox.ts';
import { openTerminal, type Terminal } from './tmux.ts';

/** Writes words as a line of a shell. */
export const quote = (words: readonly string[]) => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');

/** Opens a terminal whose shell runs in the guest and prompts with `guest$ `. At its end it prints `status N`. */
export async function openGuestShell(sandbox: Sandbox): Promise<Terminal> {
  const terminal = await openTerminal(sandbox);
  const words = muvmCommand(['-ti', '-e', 'PS1=guest$ ', '--', 'bash', '--norc', '--noprofile']);
  await terminal.type(`clear; ${quote(words)}; echo "status $?"`);
  await terminal.untilScreen(/^guest\$$/m);
  return terminal;
}
