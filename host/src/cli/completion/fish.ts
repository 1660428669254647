import type { Setting } from '../../config/index.ts';
import { INSTEAD_ROWS, letterOf, ROWS, spellings, VALUED_LETTERS, VALUED_ROWS, type ValuedRow } from './rows.ts';

const COMPLETED_BY_FISH: Readonly<Record<NonNullable<ValuedRow['completes']>, string>> = {
  directory: "-xa '(__fish_complete_directories (commandline -ct))'",
  file: '-rF',
  machine: "-xa '(__muvm_names)'",
  variable: "-xa '(set -nx)'",
};

/** A script for fish 3.1 or later. */
export function renderFish(): string {
  return `${[FUNCTIONS, ...ROWS.map(completeLine), COMMAND].join('\n')}\n`;
}

const words = (rows: readonly Setting[]) => rows.flatMap(spellings).join(' ');

const FUNCTIONS = `# fish completion of muvm, made by "muvm --completion fish"

# Prints the words of the command, each quoted. Ends with 1 where the line has not come to it.
function __muvm_command_words
    set -l words (commandline -opc)
    set -l at 2
    while set -q words[$at]
        switch $words[$at]
            case --
                set at (math $at + 1)
                string escape -- $words[$at..-1]
                return 0
            case ${words(VALUED_ROWS)}
                set at (math $at + 1)
            case '--*'
            case '-*'
                # After the letter of an option that takes a value comes the value, in this word or as the next one.
                string match -qr -- '^-[^${VALUED_LETTERS}]*[${VALUED_LETTERS}]$' $words[$at]
                and set at (math $at + 1)
            case '*'
                string escape -- $words[$at..-1]
                return 0
        end
        set at (math $at + 1)
    end
    return 1
end

function __muvm_in_options
    not __muvm_command_words >/dev/null
end

# Completes the command as a command of its own.
function __muvm_command
    set -l words (__muvm_command_words)
    set -l typed (commandline -ct)
    if __muvm_in_options
        string match -q -- '-*' "$typed"; and return
        for word in (commandline -opc)
            contains -- $word ${words(INSTEAD_ROWS)}; and return
        end
    end
    complete -C (string join ' ' -- $words "$typed")
end

# The machines that have a run directory.
function __muvm_names
    set -l run /tmp/muvm-(id -u)
    string match -q '/*' -- "$XDG_RUNTIME_DIR"; and set run $XDG_RUNTIME_DIR/muvm
    for path in $run/*/
        string replace -r '.*/([^/]+)/$' '$1' -- $path
    end
end
`;

const COMMAND = "complete -c muvm -fa '(__muvm_command)'";

function completeLine(row: Setting): string {
  const letter = letterOf(row);
  const short = letter === undefined ? '' : `-s ${letter} `;
  const value = row.kind === 'switch' ? '' : `${valuePart(row)} `;
  return `complete -c muvm -n __muvm_in_options ${short}-l ${row.flag.slice(2)} ${value}-d ${quote(row.help)}`;
}

function valuePart(row: ValuedRow): string {
  if (row.choices) return `-xa ${quote(row.choices.join(' '))}`;
  return row.completes ? COMPLETED_BY_FISH[row.completes] : '-x';
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
