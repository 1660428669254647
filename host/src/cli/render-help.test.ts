import { describe, expect, test } from '@jest/globals';
import { SETTING_ROWS } from '../config/index.ts';
import { renderHelp } from './render-help.ts';

describe('renderHelp()', () => {
  const lines = renderHelp({ HOME: '/home/user' }).split('\n');

  test('fits 80 columns', () => {
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('has one line for each option, with its letter', () => {
    for (const [, row] of SETTING_ROWS) {
      const found = lines.filter(
        (line) => line.startsWith('  ') && line.includes(`${row.flag} `) && line.endsWith(row.help),
      );
      expect(found).toHaveLength(1);
      if (row.short) expect(found[0]).toContain(`${row.short}, ${row.flag}`);
    }
  });

  test('starts with the usage, and says where settings can stand', () => {
    expect(lines[0]).toBe('Usage: muvm [options] [--] COMMAND [ARGUMENTS...]');
    expect(lines).toContain('  /home/user/.config/muvm/config.json');
  });
});
