import { dirname, isAbsolute, join } from 'node:path';
import type { MuvmError } from '@muvm/errors';
import { currentUser } from '../user/index.ts';
import { oppositesAmong } from './contradictions.ts';
import { fault } from './faults.ts';
import type { Host } from './host.ts';
import { nearest } from './nearest.ts';
import { whyNotInFiles } from './only-on-command-line.ts';
import { readConfig } from './read-config.ts';
import type { Setting } from './setting.ts';
import { SETTING_ROWS, SETTINGS, type SettingName } from './settings.ts';
import type { Given, Source } from './source.ts';

const NAME_BY_KEY: ReadonlyMap<string, SettingName> = new Map(
  SETTING_ROWS.flatMap(([name, row]) => (row.key === undefined ? [] : [[row.key, name]])),
);

/** Where configuration is looked for, strongest first. */
export function configPaths(env: Host['env']): readonly string[] {
  const given = env['XDG_CONFIG_HOME'] ?? '';
  const home = isAbsolute(given) ? given : join(currentUser(env).home, '.config');
  return [home, '/etc', '/usr/lib'].map((directory) => join(directory, 'muvm', 'config.json'));
}

/** Reads every configuration file that is there, strongest first. What is wrong with them is added to `faults`. */
export function loadConfigFiles(host: Host, faults: MuvmError[]): Source[] {
  return configPaths(host.env).flatMap((path) => {
    const config = readConfig(path, host, faults);
    return config ? [fileSource(path, config, host, faults)] : [];
  });
}

function fileSource(path: string, config: Record<string, unknown>, host: Host, faults: MuvmError[]): Source {
  const given = new Map<SettingName, Given>();
  for (const [key, json] of Object.entries(config)) {
    const name = NAME_BY_KEY.get(key);
    if (name === undefined) {
      faults.push(unknownKey(key, path));
      continue;
    }
    const texts = fromJson(json, SETTINGS[name]);
    if (texts !== undefined) given.set(name, texts);
    else faults.push(wrongType(key, json, path, SETTINGS[name]));
  }
  faults.push(...contradictionsIn(path, given));
  return {
    given,
    describe: (name) => `"${SETTINGS_KEYS[name]}" in "${path}"`,
    origin: () => path,
    // What a file means by a path is the same wherever a command is called.
    host: { ...host, workdir: () => dirname(path) },
  };
}

function contradictionsIn(path: string, given: ReadonlyMap<SettingName, Given>): MuvmError[] {
  const on = new Set([...given].filter(([, wish]) => wish === true).map(([name]) => name));
  return oppositesAmong(on).map(([one, other]) =>
    fault(`Cannot use "${SETTINGS_KEYS[one]}" together with "${SETTINGS_KEYS[other]}" in "${path}"`),
  );
}

const SETTINGS_KEYS = Object.fromEntries([...NAME_BY_KEY].map(([key, name]) => [name, key])) as Partial<
  Record<SettingName, string>
>;

/** One entry of a list needs no array. */
function fromJson(json: unknown, row: Setting): Given | undefined {
  if (row.kind === 'switch') return typeof json === 'boolean' ? json : undefined;
  const entries: readonly unknown[] = row.kind === 'list' && Array.isArray(json) ? json : [json];
  const type = row.json === 'number' ? 'number' : 'string';
  return entries.every((entry) => typeof entry === type) ? entries.map(String) : undefined;
}

function wrongType(key: string, json: unknown, path: string, row: Setting): MuvmError {
  const single = row.kind === 'switch' ? 'true or false' : `a ${row.json}`;
  const wanted = row.kind === 'list' ? `${single} or an array of ${row.json}s` : single;
  return fault(`Cannot use ${JSON.stringify(json)} as "${key}" in "${path}" as it must be ${wanted}`);
}

function unknownKey(key: string, path: string): MuvmError {
  const [name, row] = SETTING_ROWS.find(([, each]) => each.flag === `--${key}`) ?? [];
  const reason = name && whyNotInFiles(name);
  if (row && reason) {
    return fault(`Cannot use "${key}" in "${path}" as ${reason}`, `Use ${row.flag} on the command line.`);
  }
  const known = [...NAME_BY_KEY.keys()];
  const sentence = `Cannot use the unknown key "${key}" in "${path}"`;
  const meant = nearest(key, known);
  if (meant) return fault(sentence, `Did you mean "${meant}"?`);
  return fault(`${sentence} as it must be one of ${known.join(', ')}`);
}
