import { type CompletionShell, SETTING_ROWS, type Setting } from '../config/index.ts';
import { ownsLetter, wordsBehind } from './shared-letters.ts';

const RENDERERS: Readonly<Record<CompletionShell, () => string>> = {
  bash: renderBash,
  zsh: renderZsh,
  fish: renderFish,
};

const rows: readonly Setting[] = SETTING_ROWS.map(([, row]) => row);

/** A script for the shell that completes options and their values, and after them the command. */
export function renderCompletion(shell: CompletionShell): string {
  return RENDERERS[shell]();
}

const letterOf = (row: Setting) => (ownsLetter(row) ? row.short : undefined);
const spellings = (row: Setting) => [letterOf(row) ?? [], row.flag].flat();

function renderBash(): string {
  const valued = rows.filter((row) => row.kind !== 'switch');
  const cases = valued.map((row) => `    ${spellings(row).join('|')}) ${bashValues(row)}; return ;;`);
  return `# bash completion of muvm: eval "$(muvm --completion bash)"
_muvm() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} index
  # The first word that is no option, nor the value of one, is the command.
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
    --) _command_offset $((index + 1)) 2>/dev/null; return ;;
    ${valued.flatMap(spellings).join('|')}) ((index++)) ;;
    -*) ;;
    *) _command_offset "$index" 2>/dev/null; return ;;
    esac
  done
  case $before in
${cases.join('\n')}
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W '${rows.flatMap(spellings).join(' ')}' -- "$word")) ;;
    *) COMPREPLY=($(compgen -c -- "$word")) ;;
  esac
}
complete -o default -F _muvm muvm
`;
}

function bashValues(row: Setting): string {
  if (row.kind === 'switch') return '';
  if (row.completes) return `COMPREPLY=($(compgen ${row.completes === 'directory' ? '-d' : '-f'} -- "$word"))`;
  return `COMPREPLY=($(compgen -W '${wordsBehind(row).join(' ')}' -- "$word"))`;
}

function renderZsh(): string {
  const specs = rows.map((row) => `    ${zshSpec(row)} \\`);
  return `#compdef muvm
# zsh completion of muvm: eval "$(muvm --completion zsh)"
_muvm() {
  _arguments -s -S -A '-*' \\
${specs.join('\n')}
    '(-):command:_command_names -e' '*::arguments:_normal'
}
compdef _muvm muvm
`;
}

function zshSpec(row: Setting): string {
  const help = row.help.replaceAll(/[[\]:']/g, (mark) => (mark === "'" ? "'\\''" : `\\${mark}`));
  const repeats = row.kind === 'list' ? "'*'" : `'(${spellings(row).join(' ')})'`;
  const names = letterOf(row) ? `{${spellings(row).join(',')}}` : row.flag;
  if (row.kind === 'switch') return `${repeats}${names}'[${help}]'`;
  const values = zshValues(row);
  return `${repeats}${names}'[${help}]:value:${values}'`;
}

function zshValues(row: Exclude<Setting, { kind: 'switch' }>): string {
  if (row.completes) return row.completes === 'directory' ? '_files -/' : '_files';
  const words = wordsBehind(row);
  return words.length > 0 ? `(${words.join(' ')})` : ' ';
}

function renderFish(): string {
  const lines = rows.map((row) => {
    const letter = letterOf(row)?.slice(1);
    const short = letter ? ` -s ${letter}` : '';
    return `complete -c muvm -n __muvm_in_options${short} -l ${row.flag.slice(2)}${fishValues(row)} -d '${row.help.replaceAll("'", "\\'")}'`;
  });
  return `# fish completion of muvm: muvm --completion fish | source
function __muvm_in_options
  not string match -qv -- '-*' (commandline -opc)[2..]
end
${lines.join('\n')}
complete -c muvm -n __muvm_in_options -xa '(__fish_complete_command)'
complete -c muvm -n 'not __muvm_in_options' -xa '(__fish_complete_subcommand)'
`;
}

function fishValues(row: Setting): string {
  if (row.kind === 'switch') return '';
  if (row.completes === 'directory') return " -xa '(__fish_complete_directories)'";
  if (row.completes === 'file') return ' -rF';
  const words = wordsBehind(row);
  return words.length > 0 ? ` -xa '${words.join(' ')}'` : ' -x';
}
