import type { Setting } from '../../config/index.ts';
import { INSTEAD_ROWS, ROWS, spellings, VALUED_LETTERS, VALUED_ROWS, type ValuedRow } from './rows.ts';

const COMPLETED_BY_BASH: Readonly<Record<NonNullable<ValuedRow['completes']>, string>> = {
  // Of paths readline knows best how they are quoted.
  directory: 'compopt -o dirnames 2>/dev/null',
  file: 'compopt -o default 2>/dev/null',
  machine: '_muvm_offer "$(_muvm_names)" "$2" "$3"',
  variable: '_muvm_offer "$(compgen -e)" "$2" "$3"',
};

const pattern = (rows: readonly Setting[]) => rows.flatMap(spellings).join('|');

/** A script for bash 4.2 or later, with the package bash-completion or without. */
export function renderBash(): string {
  return `${[HELPERS, valueFunction(), JOIN_WORDS, mainFunction()].join('\n\n')}
complete -F _muvm muvm
`;
}

const HELPERS = `# bash completion of muvm, made by "muvm --completion bash"

# The machines that have a run directory. What could not be a name is none, as bash would expand it.
_muvm_names() {
  local run=/tmp/muvm-$UID path
  [[ \${XDG_RUNTIME_DIR-} == /* ]] && run=$XDG_RUNTIME_DIR/muvm
  for path in "$run"/*/; do
    path=\${path%/} path=\${path##*/}
    [[ $path =~ ^[A-Za-z0-9][A-Za-z0-9_.-]*$ ]] && printf '%s\\n' "$path"
  done
}

# Offers some of the words: WORDS TYPED LEAD. The lead is what readline replaces besides what is typed.
_muvm_offer() {
  local IFS=$' \\t\\n'
  mapfile -t COMPREPLY < <(compgen -P "$3" -W "$1" -- "$2")
}

# Completes the command, which begins at that number of COMP_WORDS, as a command of its own.
_muvm_command() {
  if declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$1"
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  elif (($1 == COMP_CWORD)); then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -c -- "\${COMP_WORDS[COMP_CWORD]}")
  else
    compopt -o default 2>/dev/null
  fi
}`;

function valueFunction(): string {
  const cases = VALUED_ROWS.flatMap((row) => {
    const step = row.choices
      ? `_muvm_offer '${row.choices.join(' ')}' "$2" "$3"`
      : row.completes && COMPLETED_BY_BASH[row.completes];
    return step ? [`    ${pattern([row])}) ${step} ;;`] : [];
  });
  return `# Completes the value of an option: OPTION TYPED LEAD
_muvm_value() {
  case $1 in
${cases.join('\n')}
  esac
}`;
}

const JOIN_WORDS = `# Bash splits at = and : as well. What has no blank between in the line becomes one of "words", "starts" has the number
# in COMP_WORDS of its first piece, and "piece" is the last one, up to the cursor.
_muvm_join() {
  local line=\${COMP_LINE:0:COMP_POINT} index bare
  for ((index = 0; index <= COMP_CWORD; index++)); do
    bare=\${line#"\${line%%[![:space:]]*}"}
    ((index < COMP_CWORD)) && piece=\${COMP_WORDS[index]} || piece=$bare
    if ((index > 0)) && [[ $bare == "$line" ]]; then
      words[\${#words[@]} - 1]+=$piece
    else
      words+=("$piece") starts+=("$index")
    fi
    line=\${bare#"$piece"}
  done
}`;

function mainFunction(): string {
  return `_muvm() {
  local words=() starts=() piece last at word letter plain instead=no
  COMPREPLY=()
  _muvm_join
  last=$((\${#words[@]} - 1))
  for ((at = 1; at < last; at++)); do
    word=\${words[at]} letter=
    case $word in
      --) _muvm_command "\${starts[at + 1]}"; return ;;
      ${pattern(INSTEAD_ROWS)}) instead=yes ;;&
      ${pattern(VALUED_ROWS)}) letter=$word ;;
      --*) ;;
      -?*)
        plain=\${word%%[${VALUED_LETTERS}]*}
        [[ -z \${word:\${#plain}+1} ]] && letter=-\${word:\${#plain}:1}
        ;;
      *) _muvm_command "\${starts[at]}"; return ;;
    esac
    # The next word is its value.
    if [[ $letter == -?* ]] && ((++at == last)); then
      _muvm_value "$letter" "\${words[last]}" ''
      return
    fi
  done
${LAST_WORD}
}`;
}

const LAST_WORD = `  local typed=\${words[last]} kept
  [[ -z \${piece//[=:]/} ]] && piece=
  kept=\${typed%"$piece"}
  case $typed in
    --*=*)
      word=\${typed%%=*}=
      [[ $kept == "$word"* ]] && kept=$word
      _muvm_value "\${word%=}" "\${typed#*=}" "\${word#"$kept"}"
      ;;
    -|-?|--*) _muvm_offer '${ROWS.flatMap(spellings).join(' ')}' "$typed" '' ;;
    -*)
      plain=\${typed%%[${VALUED_LETTERS}]*}
      word=\${typed:0:\${#plain}+1}
      if [[ $word == "$typed" ]]; then
        COMPREPLY=("$typed")
      else
        _muvm_value "-\${word: -1}" "\${typed#"$word"}" "$word"
      fi
      ;;
    *) [[ $instead == yes ]] || _muvm_command "\${starts[last]}" ;;
  esac`;
