import { describe, expect, test } from '@jest/globals';
import type { ConfigEntry } from '../../config/index.ts';
import { renderConfigFile, renderConfigTable } from './print-config.ts';

const ENTRIES: readonly ConfigEntry[] = [
  { key: 'env', value: ['A=1', 'B'], origins: ['/etc/muvm/config.json', '--env'], fallbackText: undefined },
  { key: 'mem', value: undefined, origins: [], fallbackText: 'chosen by the `driver`' },
  { key: 'linger', value: 1.5, origins: ['--linger'], fallbackText: undefined },
  { key: 'name', value: 'default', origins: [], fallbackText: undefined },
  { key: 'verbose', value: false, origins: [], fallbackText: undefined },
];

describe('renderConfigTable()', () => {
  test('has a line for each value, in columns', () => {
    expect(renderConfigTable(ENTRIES).split('\n')).toEqual([
      'KEY      VALUE      FROM',
      'env      "A=1"      /etc/muvm/config.json',
      'env      "B"        --env',
      'mem      -          default: chosen by the driver',
      'linger   1.5        --linger',
      'name     "default"  default',
      'verbose  false      default',
      '',
    ]);
  });

  test('has a line for a list without entries', () => {
    const empty = { key: 'env', value: [], origins: [], fallbackText: undefined };
    expect(renderConfigTable([empty])).toMatch(/^env {2}\[\] {5}default$/m);
  });
});

describe('renderConfigFile()', () => {
  test('has the values by key, without those that are not fixed', () => {
    expect(JSON.parse(renderConfigFile(ENTRIES))).toEqual({
      env: ['A=1', 'B'],
      linger: 1.5,
      name: 'default',
      verbose: false,
    });
  });
});
