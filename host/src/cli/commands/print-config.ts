import { type ConfigEntry, configEntries, type Resolution } from '../../config/index.ts';
import { alignColumns } from '../columns.ts';
import { print } from '../print.ts';
import { printable } from '../printable.ts';
import type { Ending } from '../report-error.ts';

const HEADINGS = ['KEY', 'VALUE', 'FROM'];

/** Prints what all sources amount to, as configuration files write it. */
export async function printConfig(resolution: Resolution): Promise<Ending> {
  const entries = configEntries(resolution);
  await print(resolution.settings.json ? renderConfigFile(entries) : printable(renderConfigTable(entries)));
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

/** A configuration file that amounts to the same by itself. What is up to muvm in each case is not in it. */
export function renderConfigFile(entries: readonly ConfigEntry[]): string {
  const file = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
