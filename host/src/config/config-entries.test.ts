import { describe, expect, test } from '@jest/globals';
import { type ConfigEntry, configEntries } from './config-entries.ts';
import { type Resolution, resolveSettings } from './resolve.ts';
import type { Setting } from './setting.ts';
import { SETTING_ROWS, SETTINGS, type SettingName, type Settings } from './settings.ts';
import type { Given } from './source.ts';
import { testHost } from './test-host.ts';

const FILE = '/etc/muvm/config.json';

type Flags = Partial<Record<SettingName, Given>>;

function resolve(flags: Flags, text: string): Resolution {
  const given = new Map(Object.entries({ printConfig: true, ...flags })) as Map<SettingName, Given>;
  return resolveSettings(
    { given, command: [], faults: [] },
    testHost({ files: text === '{}' ? {} : { [FILE]: text } }),
  );
}

const entriesOf = (flags: Flags, text = '{}'): ConfigEntry[] => configEntries(resolve(flags, text));

const resolved = (flags: Flags, text = '{}'): Settings => resolve(flags, text).settings;

/** Values of every kind; each setting takes some of them. */
const TEXTS = [
  '0',
  '1',
  '512',
  '0.25',
  '0-1',
  'word',
  'x.so',
  'A=b=c',
  'a.sock',
  'a.sock:/run/b',
  '/run/b:a.sock',
  '[::1]:0:80',
  '53/udp',
  "-m 1500 --search 'a b'",
];

const KEYED = SETTING_ROWS.flatMap(([name, { key }]) => (key === undefined ? [] : [[key, name] as const]));

function isTaken(row: Setting, text: string): boolean {
  return row.kind !== 'switch' && 'value' in row.read(text, testHost());
}

const find = (entries: readonly ConfigEntry[], key: string) => entries.find((entry) => entry.key === key);

describe('configEntries()', () => {
  test('has every key once, in the order of the table', () => {
    const keys = SETTING_ROWS.flatMap(([, { key }]) => key ?? []);
    expect(entriesOf({}).map(({ key }) => key)).toEqual(keys);
  });

  test('writes values as a file does, with their origins', () => {
    const entries = entriesOf({ lingerMs: ['1.50'], cpus: ['0,1'], env: ['A=b=c', 'D'] }, '{"env": ["E="]}');
    expect(find(entries, 'linger')).toMatchObject({ value: 1.5, origins: ['--linger'] });
    expect(find(entries, 'cpu-list')).toMatchObject({ value: '0-1', origins: ['--cpu-list'] });
    expect(find(entries, 'env')).toMatchObject({ value: ['E=', 'A=b=c', 'D'], origins: [FILE, '--env', '--env'] });
    expect(find(entries, 'verbose')).toMatchObject({ value: false, origins: [] });
  });

  test('says in words what a default is that is no fixed value', () => {
    expect(find(entriesOf({}), 'mem')).toMatchObject({ value: undefined, fallbackText: 'chosen by the driver' });
    expect(find(entriesOf({}), 'vmm')).toMatchObject({ value: 'auto', fallbackText: undefined });
  });

  test.each(KEYED)('writes whatever %s takes as a file takes it, to the same result', (_, name) => {
    const row = SETTINGS[name];
    const texts = row.kind === 'switch' ? [] : [...(row.choices ?? []), ...TEXTS].filter((text) => isTaken(row, text));
    const wishes: Given[] = row.kind === 'switch' ? [true, false] : texts.map((text) => [text]);
    // Lists have caps, of which images have the least.
    if (row.kind === 'list') wishes.push(texts.slice(0, 3));
    // A new kind of value needs a text of that kind above.
    expect(wishes).not.toEqual([]);
    for (const wish of wishes) {
      const written = entriesOf(wish === false ? {} : { [name]: wish });
      const file = Object.fromEntries(written.map(({ key, value }) => [key, value]));
      const read = entriesOf({}, JSON.stringify(file));
      expect(read.map(({ key, value }) => ({ key, value }))).toEqual(written.map(({ key, value }) => ({ key, value })));
      expect(resolved({}, JSON.stringify(file))[name]).toEqual(resolved({ [name]: wish })[name]);
    }
  });
});
