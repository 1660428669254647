import type { Resolution } from './resolve.ts';
import type { ListSetting, Setting, ValueSetting } from './setting.ts';
import { SETTING_ROWS } from './settings.ts';

type Scalar = string | number | boolean;

/** A setting as a configuration file would write it, and where it comes from. */
export interface ConfigEntry {
  readonly key: string;
  /** Undefined where only the default holds, and that is no fixed value. */
  readonly value: Scalar | readonly Scalar[] | undefined;
  /** An option or the path of a file; one for each entry of a list. Empty for the default. */
  readonly origins: readonly string[];
  /** The default in words, where it is no fixed value. */
  readonly fallbackText: string | undefined;
}

/** Every setting that can stand in a file, in the order of the table. */
export function configEntries({ settings, originsOf }: Resolution): ConfigEntry[] {
  return SETTING_ROWS.flatMap(([name, row]) => {
    if (row.key === undefined) return [];
    const value = settings[name];
    const fallbackText = row.kind === 'value' && value === undefined ? row.fallbackText : undefined;
    return [{ key: row.key, value: writeValue(row, value), origins: originsOf(name), fallbackText }];
  });
}

function writeValue(row: Setting, value: unknown): ConfigEntry['value'] {
  if (row.kind === 'switch') return value === true;
  if (row.kind === 'list') return (value as unknown[]).map((entry) => writeScalar(row, entry));
  return value === undefined ? undefined : writeScalar(row, value);
}

function writeScalar(row: ValueSetting<unknown> | ListSetting<unknown>, value: unknown): Scalar {
  const text = row.write ? row.write(value as NonNullable<unknown>) : String(value);
  return row.json === 'number' ? Number(text) : text;
}
