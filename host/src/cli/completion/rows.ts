import { SETTING_ROWS, type Setting } from '../../config/index.ts';

/** A row whose option takes a value. */
export type ValuedRow = Exclude<Setting, { kind: 'switch' }>;

export const ROWS: readonly Setting[] = SETTING_ROWS.map(([, row]) => row);

export const VALUED_ROWS: readonly ValuedRow[] = ROWS.filter((row) => row.kind !== 'switch');

/** The letters of options that take a value, such as `ep`: what follows one in a cluster is its value. */
export const VALUED_LETTERS = VALUED_ROWS.map((row) => letterOf(row) ?? '').join('');

/** Options after which there is no command: those that do something else, and what goes with them. */
export const INSTEAD_ROWS: readonly Setting[] = ROWS.filter(
  ({ group, flag }) => group === 'manage' || flag === '--version' || flag === '--help',
);

/** Such as `p`. Where two options share a letter, the first one has it here. */
export function letterOf(row: Setting): string | undefined {
  return ROWS.find(({ short }) => short === row.short) === row ? row.short?.slice(1) : undefined;
}

/** `-e` and `--env`, or `--mem` alone. */
export function spellings(row: Setting): readonly string[] {
  const letter = letterOf(row);
  return letter === undefined ? [row.flag] : [`-${letter}`, row.flag];
}
