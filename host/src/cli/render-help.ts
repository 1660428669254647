import { configPaths, GROUPS, type Group, type Host, SETTING_ROWS, type Setting } from '../config/index.ts';
import { alignColumns } from './columns.ts';
import { EXAMPLES } from './examples.ts';

const HEAD = `Usage: muvm [options] [--] COMMAND [ARGUMENTS...]
       muvm --status | --doctor | --stop | --logs | --print-config [options]

Runs COMMAND in a small virtual machine that shares the files of this machine.
The first command starts the machine, later ones join it, the last one ends it.
`;

const TAIL = `Exit status: that of COMMAND; 128+n if signal n ended it; 127 not found;
126 not executable; 125 muvm itself failed. More about all of it: man muvm
`;

/** The text of `muvm --help`, at most 80 columns wide. */
export function renderHelp(env: Host['env']): string {
  const options = alignColumns(SETTING_ROWS.map(([, row]) => [`  ${spellOption(row)}`, row.help]));
  const groups = (Object.keys(GROUPS) as Group[]).map((group) => {
    const lines = options.filter((_, index) => SETTING_ROWS[index]?.[1].group === group);
    return [`${GROUPS[group]}:`, ...lines, ''].join('\n');
  });
  const examples = ['Examples:', ...alignColumns(EXAMPLES.map(([line, why]) => [`  ${line}`, why])), ''].join('\n');
  const files = [
    'Settings can also stand in these files, the first is the strongest:',
    ...configPaths(env).map((path) => `  ${path}`),
    '',
  ];
  return [HEAD, ...groups, examples, TAIL, files.join('\n')].join('\n');
}

function spellOption(row: Setting): string {
  const short = row.short ? `${row.short}, ` : '    ';
  return `${short}${row.flag}${row.kind === 'switch' ? '' : ` ${row.placeholder}`}`;
}
