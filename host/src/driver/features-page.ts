import { type DriverFeatures, FEATURE_ROWS } from './features.ts';
import { LIBKRUN_FEATURES } from './libkrun/features.ts';
import { QEMU_FEATURES } from './qemu/features.ts';

const COLUMNS: Readonly<Record<string, DriverFeatures>> = { libkrun: LIBKRUN_FEATURES, qemu: QEMU_FEATURES };

const BEGIN = /^<!-- Made from host\/src\/driver\/features\.ts[^\n]*-->\n/m;
const END = '<!-- end -->';

/** The table of what each driver declares. */
export function renderFeatureTable(): string {
  const keys = Object.keys(FEATURE_ROWS) as (keyof DriverFeatures)[];
  const rows = keys.map((key) => {
    const { meaning, needs } = FEATURE_ROWS[key];
    return [meaning, ...Object.values(COLUMNS).map((features) => (features[key] ? 'yes' : 'no')), needs];
  });
  const head = ['feature', ...Object.keys(COLUMNS), 'needs'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** docs/drivers.md with the table as it is now in it. @throws RangeError where the page has no place for it */
export function withFeatureTable(page: string): string {
  const begin = BEGIN.exec(page);
  const end = page.indexOf(END);
  if (!begin || end < 0) throw new RangeError('Cannot find the place of the table in docs/drivers.md');
  return page.slice(0, begin.index + begin[0].length) + renderFeatureTable() + page.slice(end);
}
