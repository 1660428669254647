import { SETTING_ROWS, type Setting } from '../config/index.ts';

const rows: readonly Setting[] = SETTING_ROWS.map(([, row]) => row);

const choicesOf = (row: Setting) => (row.kind === 'switch' ? undefined : row.choices);

/** Of two options with one letter, the one with choices has it for those words alone (`-p 3335`), the other for all else. */
function shareOf(letter: string): Setting | undefined {
  const sharing = rows.filter((row) => row.short === letter);
  return sharing.length > 1 ? sharing.find(choicesOf) : undefined;
}

/** Whether the letter of an option is its own for all but some words. */
export function ownsLetter(row: Setting): boolean {
  return row.short !== undefined && shareOf(row.short) !== row;
}

/** The option that a letter stands for with this value, where it is not the one that owns the letter. */
export function flagForWord(letter: string, value: string): string | undefined {
  const share = shareOf(letter);
  return share && choicesOf(share)?.includes(value) ? share.flag : undefined;
}
