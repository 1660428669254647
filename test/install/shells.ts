import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openTerminal, type Sandbox, type Terminal } from '../framework/index.ts';
import type { InstalledTree } from './installed-tree.ts';

/** A shell that completes a line: what it makes of the line, or offers for its last word. */
export interface CompletingShell extends AsyncDisposable {
  /** Waits until the pattern is seen. @returns all that is seen */
  complete(line: string, pattern: RegExp): Promise<string>;
}

type Opener = (sandbox: Sandbox, tree: InstalledTree) => Promise<CompletingShell>;

export const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion';

// A command of the tests, with a completion of its own.
const BASH_TOOL = `complete -W 'alpha beta' mytool`;
const ZSH_TOOL = `_mytool() { _arguments '*:word:(alpha beta)' }; compdef _mytool mytool`;
const FISH_TOOL = `complete -c mytool -fa 'alpha beta'`;

const BASH_SETTINGS = ['show-all-if-ambiguous on', 'page-completions off', 'completion-query-items 0'];

const installedIn = ({ root, share }: InstalledTree) => ({
  PATH: `${root}/bin:${process.env['PATH']}`,
  XDG_DATA_DIRS: `${share}:/usr/local/share:/usr/share`,
});

const openBashWith =
  (...first: readonly string[]): Opener =>
  async (sandbox, tree) => {
    const terminal = await openTerminal(sandbox, { columns: 120, rows: 50 });
    for (const [key, value] of Object.entries(installedIn(tree))) await terminal.type(`export ${key}='${value}'`);
    for (const setting of BASH_SETTINGS) await terminal.type(`bind 'set ${setting}'`);
    for (const line of first) await terminal.type(line.replace('SHARE', tree.share));
    await terminal.type(BASH_TOOL);
    return typingInto(terminal);
  };

const openZsh: Opener = async (sandbox, tree) => {
  const terminal = await openTerminal(sandbox, { columns: 120, rows: 50 });
  await terminal.type(`exec env PS1='host$ ' ZDOTDIR=/nonexistent zsh -f`);
  await terminal.type(`fpath=(${tree.share}/zsh/site-functions $fpath); LISTMAX=1000; setopt nolistambiguous`);
  await terminal.type(`autoload -U compinit && compinit -D -u && ${ZSH_TOOL}`);
  return typingInto(terminal);
};

function typingInto(terminal: Terminal): CompletingShell {
  const anew = async () => {
    await terminal.sendKeys('C-u', 'C-l');
    await terminal.untilScreen(/^host\$$/);
  };
  return {
    async complete(line, pattern) {
      await anew();
      // The line is there before it is completed.
      await terminal.sendKeys('-l', line);
      await terminal.untilScreen(new RegExp(`^host\\$ ${line.trimEnd().replaceAll(/[.$=]/g, '\\$&')}$`));
      await terminal.sendKeys('Tab');
      return terminal.untilScreen(pattern);
    },
    [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose](),
  };
}

const run = promisify(execFile);

const openFish: Opener = async (sandbox, tree) => ({
  async complete(line, pattern) {
    const env = { ...sandbox.env, ...installedIn(tree), LINE: line };
    const { stdout } = await run('fish', ['-c', `${FISH_TOOL}; complete -C "$LINE"`], { env, cwd: sandbox.files });
    if (!pattern.test(stdout)) throw new Error(`fish never offered ${pattern}:\n${stdout}`);
    return stdout;
  },
  async [Symbol.asyncDispose]() {},
});

export const SHELLS: Readonly<Record<string, { readonly needs: readonly string[]; readonly open: Opener }>> = {
  bash: { needs: ['bash', 'tmux'], open: openBashWith(`source ${BASH_COMPLETION}`) },
  'bash alone': { needs: ['bash', 'tmux'], open: openBashWith('source SHARE/bash-completion/completions/muvm') },
  zsh: { needs: ['zsh', 'tmux'], open: openZsh },
  fish: { needs: ['fish'], open: openFish },
};
