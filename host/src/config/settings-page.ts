import { whyNotInFiles } from './only-on-command-line.ts';
import { GROUPS, type Group, type Setting } from './setting.ts';
import { SETTING_ROWS } from './settings.ts';

const INTRODUCTION = `# Settings

<!-- Made from host/src/config/settings.ts by the build. Edit the table, not this page. -->

Settings come from the command line, then from these files, the first being the strongest:
\`$XDG_CONFIG_HOME/muvm/config.json\` (\`~/.config/muvm/config.json\`), \`/etc/muvm/config.json\`,
\`/usr/lib/muvm/config.json\`. A file is a JSON object of the keys below; unknown keys are errors. (The one key of
the muvm written in Rust, \`execute_pre\`, is understood; its variable \`XDG_CONFIG_DIR\` is none of the XDG standard and not read.)

\`\`\`json
{ "mem": 4096, "cpu-list": "0-3", "linger": 60, "env": ["EDITOR", "GREETING=hello"] }
\`\`\`

The strongest place that has a setting decides it. Of a list all entries count, those of the strongest place last, so that a
variable set there wins; a list of one needs no array. A relative path begins at the directory of the file. What
belongs to one command alone [has no key](#without-a-key).
\`muvm --print-config\` shows what it all amounts to, and where each value comes from:

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

\`muvm --print-config --json\` prints the same as one file that can take the place of all the others.
`;

/** docs/settings.md, whole. */
export function renderSettingsPage(): string {
  const sections = (Object.keys(GROUPS) as Group[]).map(renderGroup);
  return [INTRODUCTION, ...sections, renderWithoutKey()].join('\n');
}

/** The settings that share a reason stand in one row. */
function renderWithoutKey(): string {
  const reasons = new Map<string, string[]>();
  for (const [name, row] of SETTING_ROWS) {
    const reason = whyNotInFiles(name);
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), `\`${row.flag}\``]);
  }
  const rows = [...reasons].map(([reason, flags]) => `| ${flags.join(', ')} | ${reason} |`);
  return `${['## Without a key', '', '| option | why |', '|---|---|', ...rows].join('\n')}\n`;
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
