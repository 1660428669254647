import { GROUPS, type Group, SETTING_ROWS, type Setting } from '../../config/index.ts';
import { EXAMPLES } from '../examples.ts';
import { EXIT_STATUSES, FILES, VARIABLES } from './places.ts';
import * as prose from './prose.ts';
import { bold, italic, marked, paragraphs, plain, section, subsection, tagged, verbatim } from './roff.ts';

export interface ManualFacts {
  readonly version: string;
  /** `2026-01-31`. */
  readonly date: string;
}

const GROUP_NAMES = Object.keys(GROUPS) as Group[];

/** The man page, as man(7) source. */
export function renderManual({ version, date }: ManualFacts): string {
  const parts = [
    '.\\" Made from the table of settings by the build.',
    `.TH MUVM 1 "${date}" "muvm ${version}" "User Commands"`,
    // Names of options and files stay whole, to be found and copied.
    '.nh',
    '.ad l',
    section('NAME', 'muvm \\- run programs of this machine in a microVM that shares its files'),
    section('SYNOPSIS', ...synopsis()),
    section('DESCRIPTION', paragraphs(...prose.DESCRIPTION)),
    section('OPTIONS', paragraphs(...prose.OPTIONS), ...GROUP_NAMES.map(renderGroup)),
    section('CONFIGURATION', ...configuration()),
    section('EXIT STATUS', ...EXIT_STATUSES.map(([status, meaning]) => tagged(marked(status), meaning))),
    section('ENVIRONMENT', ...VARIABLES.map(([name, meaning]) => tagged(bold(name), meaning))),
    section('FILES', ...FILES.map(([path, meaning]) => tagged(italic(path), meaning))),
    section('NOTES', paragraphs(...prose.NOTES)),
    section('EXAMPLES', ...EXAMPLES.map(([line, why]) => tagged(bold(line), `${capitalized(why)}.`))),
    section('SEE ALSO', ['passt', 'qemu', 'virtiofsd'].map((page) => `${bold(page)}(1)`).join(', ')),
  ];
  return `${parts.join('\n')}\n`;
}

function synopsis(): string[] {
  const manage = SETTING_ROWS.filter(([, row]) => row.group === 'manage' && row.flag !== '--json');
  const actions = manage.map(([, row]) => spellOption(row)).join(' |\n');
  return [
    `${bold('muvm')} [${italic('options')}] [${bold('--')}] ${italic('COMMAND')} [${italic('ARGUMENTS')}...]`,
    '.br',
    `${bold('muvm')} ${actions} [${italic('options')}]`,
  ];
}

function configuration(): string[] {
  const example = verbatim(...prose.CONFIGURATION_EXAMPLE);
  return [paragraphs(...prose.CONFIGURATION), example, paragraphs(...prose.CONFIGURATION_SHOWN)];
}

function renderGroup(group: Group): string {
  const rows = SETTING_ROWS.filter(([, row]) => row.group === group).map(([, row]) => row);
  return subsection(GROUPS[group], ...rows.map((row) => tagged(spellOption(row), meaningOf(row))));
}

function spellOption(row: Setting): string {
  const names = [row.short, row.flag].filter((name) => name !== undefined).map(bold);
  return `${names.join(', ')}${row.kind === 'switch' ? '' : ` ${spellPlaceholder(row.placeholder)}`}`;
}

/** Words in capitals stand for something, others are typed. */
function spellPlaceholder(placeholder: string): string {
  const spell = (piece: string) => (/^[A-Z]/.test(piece) ? italic : /^\w/.test(piece) ? bold : plain)(piece);
  return placeholder
    .split(/([A-Za-z0-9]+)/)
    .filter((piece) => piece !== '')
    .map(spell)
    .join('');
}

function meaningOf(row: Setting): string {
  const fallback = row.kind === 'value' && row.fallbackText !== 'none' ? `Default: ${row.fallbackText}` : undefined;
  const key = row.key === undefined ? undefined : `Key: \`${row.key}\``;
  // Links of docs/settings.md lead from there.
  const notes = row.notes?.replaceAll('](', '](docs/');
  const sentences = [row.help, notes, choicesOf(row), fallback, key].filter((sentence) => sentence !== undefined);
  return sentences.map((sentence) => `${sentence.replace(/\.$/, '')}.`).join(' ');
}

/** The choices, where nothing else names them. */
function choicesOf(row: Setting): string | undefined {
  if (row.kind === 'switch' || row.choices === undefined) return undefined;
  if (row.choices.every((choice) => `${row.placeholder} ${row.help}`.includes(choice))) return undefined;
  return `One of ${row.choices.map((choice) => `\`${choice}\``).join(', ')}`;
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
