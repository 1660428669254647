import { describe, expect, test } from '@jest/globals';
import type { Setting } from './setting.ts';
import { SETTING_ROWS } from './settings.ts';
import { renderSettingsPage } from './settings-page.ts';

const rows = SETTING_ROWS.map(([, row]) => row);

/** An option with choices may have the letter of another one, for those words alone. */
function sharesLetter(row: Setting): boolean {
  return (
    row.kind === 'value' &&
    row.choices !== undefined &&
    rows.some((other) => other !== row && other.short === row.short)
  );
}

describe('the table of settings', () => {
  test('uses no flag, letter or key twice', () => {
    for (const column of ['flag', 'short', 'key'] as const) {
      const used = rows.flatMap((row) => (column === 'short' && sharesLetter(row) ? [] : (row[column] ?? [])));
      expect(new Set(used).size).toBe(used.length);
    }
  });

  test('spells flags and letters as yargs can read them', () => {
    for (const row of rows) {
      expect(row.flag).toMatch(/^--[a-z][a-z0-9]*(-[a-z]+)*$/);
      if (row.short) expect(row.short).toMatch(/^-[A-Za-z]$/);
    }
  });
});

describe('renderSettingsPage()', () => {
  test('has one line for each setting', () => {
    const page = renderSettingsPage();
    for (const row of rows) expect(page.split('\n').filter((line) => line.includes(`\`${row.flag}`))).not.toEqual([]);
    const [table = '', withoutKey = ''] = page.split('## Without a key');
    expect(table.split('\n').filter((line) => line.startsWith('| `'))).toHaveLength(rows.length);
    for (const row of rows) expect(withoutKey.includes(`\`${row.flag}\``)).toBe(row.key === undefined);
  });

  test('escapes what would end a cell of the table', () => {
    expect(renderSettingsPage()).toContain('auto\\|libkrun\\|qemu');
  });
});
