import type { Setting } from './setting.ts';
import { GROUPS, type Group } from './setting.ts';
import { SETTING_ROWS } from './settings.ts';

const INTRODUCTION = `# Settings

<!-- Made from host/src/config/settings.ts by the build. Edit the table, not this page. -->

Settings come from the command line, then from these files, the first being the strongest:
\`$XDG_CONFIG_HOME/muvm/config.json\` (\`~/.config/muvm/config.json\`), \`/etc/muvm/config.json\`,
\`/usr/lib/muvm/config.json\`. A file is a JSON object of the keys below; unknown keys are errors.

\`\`\`json
{ "mem": 4096, "cpu-list": "0-3", "linger": 60, "env": ["EDITOR", "GREETING=hello"] }
\`\`\`

The strongest place that has a setting decides it. Of a list all entries count, those of the strongest place last, so that a
variable set there wins. What belongs to one command alone has no key: its terminal, its directory, the rights it runs
with, and what is done instead of it. \`muvm --print-config\` shows what it all amounts to, and where each value comes from:

\`\`\`console
$ muvm --print-config --mem 4096
KEY     VALUE             FROM
env     "EDITOR"          /etc/muvm/config.json
env     "GREETING=hello"  /home/me/.config/muvm/config.json
mem     4096              --mem
linger  60                /etc/muvm/config.json
vmm     "auto"            default
…
\`\`\`
`;

/** docs/settings.md, whole. */
export function renderSettingsPage(): string {
  const sections = (Object.keys(GROUPS) as Group[]).map(renderGroup);
  return `${[INTRODUCTION, ...sections].join('\n')}`;
}

function renderGroup(group: Group): string {
  const rows = SETTING_ROWS.filter(([, row]) => row.group === group).map(([, row]) => renderRow(row));
  const head = ['| option | key in files | default | meaning |', '|---|---|---|---|'];
  return `${[`## ${GROUPS[group]}`, '', ...head, ...rows].join('\n')}\n`;
}

function renderRow(row: Setting): string {
  const placeholder = row.kind === 'switch' ? '' : ` ${row.placeholder}`;
  const options = [row.short, row.flag].filter((option) => option !== undefined);
  const option = `\`${options.join('`, `')}${placeholder}\``;
  const key = row.key === undefined ? '' : `\`${row.key}\``;
  const fallback = row.kind === 'value' ? row.fallbackText : row.kind === 'list' ? 'none' : 'off';
  const meaning = [row.help, row.notes].filter((text) => text !== undefined).join('. ');
  return `| ${[option, key, fallback, meaning].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
