import { type ConfigEntry, configEntries, type Resolution } from '../../config/index.ts';
import { alignColumns } from '../columns.ts';
import { print } from '../print.ts';
import { printable } from '../printable.ts';
import type { Ending } from '../report-error.ts';

const HEADINGS = ['KEY', 'VALUE', 'FROM'];

/** Prints what all sources amount to, as configuration files write it. */
export async function printConfig(resolution: Resolution): Promise<Ending> {
  const entries = configEntries(resolution);
  await print(resolution.settings.json ? renderConfigJson(entries) : printable(renderConfigTable(entries)));
  return { status: 0 };
}

/** A line for each setting, and for each entry of a list. */
export function renderConfigTable(entries: readonly ConfigEntry[]): string {
  return `${alignColumns([HEADINGS, ...entries.flatMap(tableRows)]).join('\n')}\n`;
}

function tableRows({ key, value, origins, fallbackText }: ConfigEntry): string[][] {
  const values = Array.isArray(value) && value.length > 0 ? (value as unknown[]) : [value];
  const fallback = fallbackText ? `default: ${fallbackText.replaceAll('`', '')}` : 'default';
  return values.map((each, index) => [key, JSON.stringify(each) ?? '-', origins[index] ?? fallback]);
}

/** An object of `{value, from}` by key. Both are arrays for a list; a value of null is none. */
export function renderConfigJson(entries: readonly ConfigEntry[]): string {
  const facts = entries.map(({ key, value, origins }) => {
    const from = Array.isArray(value) ? origins : (origins[0] ?? 'default');
    return [key, { value: value ?? null, from }];
  });
  return `${JSON.stringify(Object.fromEntries(facts), undefined, 2)}\n`;
}
