import { describe, expect, test } from '@jest/globals';
import { type ConfigEntry, configEntries } from './config-entries.ts';
import { resolveSettings } from './resolve.ts';
import { SETTING_ROWS, type SettingName } from './settings.ts';
import type { Given } from './source.ts';
import { testHost } from './test-host.ts';

const FILE = '/etc/muvm/config.json';

function entriesOf(flags: Partial<Record<SettingName, Given>>, text = '{}'): ConfigEntry[] {
  const given = new Map(Object.entries({ printConfig: true, ...flags })) as Map<SettingName, Given>;
  return configEntries(
    resolveSettings({ given, command: [], faults: [] }, testHost({ files: text === '{}' ? {} : { [FILE]: text } })),
  );
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

  test('writes what a file takes, to the same result', () => {
    const flags: Partial<Record<SettingName, Given>> = {
      ...{ env: ['A=b', 'C'], name: ['n'], memoryMib: ['512'], cpus: ['1'], lingerMs: ['0.25'], vmm: ['qemu'] },
      ...{ libkrunPath: ['x.so'], gpuMode: ['venus'], vramMib: ['256'], verbose: true },
      ...{ publishedPorts: ['[::1]:0:80', '53/udp'], passtArgs: ["-m 1500 --search 'a b'"] },
    };
    const written = entriesOf(flags).map(({ key, value }) => ({ key, value }));
    const file = Object.fromEntries(written.map(({ key, value }) => [key, value]));
    expect(entriesOf({}, JSON.stringify(file)).map(({ key, value }) => ({ key, value }))).toEqual(written);
  });
});
