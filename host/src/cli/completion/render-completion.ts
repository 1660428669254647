import type { CompletionShell } from '../../config/index.ts';
import { renderBash } from './bash.ts';
import { renderFish } from './fish.ts';
import { renderZsh } from './zsh.ts';

const RENDERERS: Readonly<Record<CompletionShell, () => string>> = {
  bash: renderBash,
  zsh: renderZsh,
  fish: renderFish,
};

/** A script for the shell that completes options and their values, and after them the command. */
export function renderCompletion(shell: CompletionShell): string {
  return RENDERERS[shell]();
}
