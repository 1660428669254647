import type { Host } from './host.ts';

/** What a reader makes of a text: the value, or the wanted state as the end of a sentence (`it must be …`). */
export type Reading<T> = { readonly value: T } | { readonly wanted: string };

export type Reader<T> = (text: string, host: Host) => Reading<T>;

/** The headings of the help, in order. */
export const GROUPS = {
  command: 'The command',
  machine: 'The virtual machine',
  manage: 'Instead of a command',
  general: 'General',
} as const;

export type Group = keyof typeof GROUPS;

interface Row {
  readonly flag: `--${string}`;
  readonly short?: `-${string}`;
  /** Name in configuration files. Without it the setting makes sense on the command line alone. */
  readonly key?: string;
  readonly group: Group;
  /** For `--help`: one line, at most 60 columns. */
  readonly help: string;
  /** For docs/settings.md: what the line leaves open, as whole sentences. */
  readonly notes?: string;
}

/** True where given, else false. */
export interface SwitchSetting extends Row {
  readonly kind: 'switch';
}

interface TextRow<T> extends Row {
  /** Stands for the value in help. */
  readonly placeholder: string;
  readonly choices?: readonly string[];
  /** What a shell completes, where it is not one of the choices: a path, a running machine, a variable's name. */
  readonly completes?: 'directory' | 'file' | 'machine' | 'variable';
  /** How a configuration file writes the value. */
  readonly json: 'number' | 'text';
  readonly read: Reader<T>;
  /** The reverse of `read`, where that is not just the text of the value. */
  readonly write?: (value: NonNullable<T>) => string;
}

/** Takes one value; the last one given counts. */
export interface ValueSetting<T> extends TextRow<T> {
  readonly kind: 'value';
  readonly fallback: (host: Host) => T;
  /** The fallback in words, for docs/settings.md. */
  readonly fallbackText: string;
}

/** May be given more than once; all count, in their order. In configuration files an array. */
export interface ListSetting<T> extends TextRow<T> {
  readonly kind: 'list';
}

// biome-ignore lint/suspicious/noExplicitAny: the table holds rows of every type; SettingType gives each its own back.
export type Setting = SwitchSetting | ValueSetting<any> | ListSetting<any>;

export type SettingType<S extends Setting> =
  S extends ListSetting<infer T> ? readonly T[] : S extends ValueSetting<infer T> ? T : boolean;

export function toggle(row: Row): SwitchSetting {
  return { kind: 'switch', ...row };
}

export function value<T>(row: Omit<ValueSetting<T>, 'kind'>): ValueSetting<T> {
  return { kind: 'value', ...row };
}

export function list<T>(row: Omit<ListSetting<T>, 'kind'>): ListSetting<T> {
  return { kind: 'list', ...row };
}
