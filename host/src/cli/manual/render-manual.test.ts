import { describe, expect, test } from '@jest/globals';
import { SETTING_ROWS } from '../../config/index.ts';
import { renderManual } from './render-manual.ts';
import { bold } from './roff.ts';

describe('renderManual()', () => {
  const lines = renderManual({ version: '1.2.3', date: '2026-01-31' }).split('\n');

  test('begins with the title, its day and the version', () => {
    expect(lines).toContain('.TH MUVM 1 "2026-01-31" "muvm 1.2.3" "User Commands"');
  });

  test('has the sections that man-pages(7) names, in its order', () => {
    const names = ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXIT STATUS', 'ENVIRONMENT', 'FILES', 'NOTES'];
    const sections = lines.filter((line) => line.startsWith('.SH ')).map((line) => line.slice(4));
    expect(sections.filter((name) => name !== 'CONFIGURATION')).toEqual([...names, 'EXAMPLES', 'SEE ALSO']);
  });

  test('has a term for each option, and below it its help, its default and its key', () => {
    for (const [, row] of SETTING_ROWS) {
      const [at] = lines.flatMap((line, index) =>
        lines[index - 1] === '.TP' && line.includes(bold(row.flag)) ? [index] : [],
      );
      const next = lines.indexOf('.TP', at);
      const text = lines.slice(at, next < 0 ? undefined : next).join(' ');
      if (row.key) expect(text).toContain(`Key: ${bold(row.key)}.`);
      if (row.kind === 'value' && row.fallbackText !== 'none') expect(text).toContain('Default: ');
      expect(text.replaceAll(/\\f[BIR]|\\/g, '')).toContain(row.help);
    }
  });
});
