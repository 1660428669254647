import type { Setting } from '../../config/index.ts';
import { INSTEAD_ROWS, ROWS, spellings, type ValuedRow } from './rows.ts';

const COMPLETED_BY_ZSH: Readonly<Record<NonNullable<ValuedRow['completes']>, string>> = {
  directory: '_files -/',
  file: '_files',
  machine: '_muvm_names',
  variable: '_parameters -g "*export*"',
};

/** A script for zsh: a file of `$fpath` as well as a text to evaluate. */
export function renderZsh(): string {
  const specs = ROWS.map((row) => `    ${spec(row)} \\`);
  return `#compdef muvm
# zsh completion of muvm, made by "muvm --completion zsh"

# The machines that have a run directory.
_muvm_names() {
  local run=/tmp/muvm-$UID expl
  [[ $XDG_RUNTIME_DIR == /* ]] && run=$XDG_RUNTIME_DIR/muvm
  local -a names=($run/*(N/:t))
  _wanted machines expl 'virtual machine' compadd -a names
}

# Completes the command as a command of its own.
_muvm_command() {
  if [[ $words[1] == -- ]]; then
    shift words
    (( CURRENT-- ))
  fi
  _normal
}

_muvm() {
  _arguments -s -S -A '-*' \\
${specs.join('\n')}
    '(-):command: _command_names -e' \\
    '*:: :_muvm_command'
}

if [[ $funcstack[1] == _muvm ]]; then _muvm "$@"; else compdef _muvm muvm; fi
`;
}

/** One argument of _arguments, as zshcompsys(1) describes it: what excludes it, its spellings, its help, its value. */
function spec(row: Setting): string {
  // The value of a letter can be in the same word, that of the whole name behind a "=".
  const joined = (name: string) => `${name}${name.startsWith('--') ? '=' : '+'}`;
  const names = row.kind === 'switch' ? spellings(row) : spellings(row).map(joined);
  const spelt = names.length > 1 ? `{${names.join(',')}}` : names[0];
  const help = quote(`[${row.help.replaceAll(/[[\]\\:]/g, '\\$&')}]${row.kind === 'switch' ? '' : valuePart(row)}`);
  return `${excluded(row)}${spelt}${help}`;
}

function excluded(row: Setting): string {
  if (row.kind === 'list') return "'*'";
  if (row.flag === '--version' || row.flag === '--help') return "'(- : *)'";
  return `'(${[...spellings(row), ...(INSTEAD_ROWS.includes(row) ? [': *'] : [])].join(' ')})'`;
}

function valuePart(row: ValuedRow): string {
  const completed = row.completes && COMPLETED_BY_ZSH[row.completes];
  // Of two paths in one word the last is completed.
  const byPart = row.completes === 'file' && row.placeholder.includes(':') ? `{compset -P "*\\:"; _files}` : completed;
  const values = row.choices ? `(${row.choices.join(' ')})` : byPart;
  return `:${row.flag.slice(2)}:${values ?? ' '}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
