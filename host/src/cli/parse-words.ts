import { Parser } from 'yargs/helpers';
import {
  fault,
  type Given,
  nearest,
  SETTING_ROWS,
  SETTINGS,
  type Setting,
  type SettingName,
  type Words,
} from '../config/index.ts';
import { flagForWord, ownsLetter } from './shared-letters.ts';

// Options are spelt as in the table and nothing else: no camelCase, no --no-x, no objects by dots, no numbers.
const CONFIGURATION = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'greedy-arrays': false,
  'halt-at-non-option': true,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'strip-aliased': true,
};

const keyOf = (row: Setting) => row.flag.slice(2);
const rows = SETTING_ROWS.map(([, row]) => row);

const NAME_BY_KEY: ReadonlyMap<string, SettingName> = new Map(SETTING_ROWS.map(([name, row]) => [keyOf(row), name]));
const VALUE_ROWS = rows.filter((row) => row.kind !== 'switch');
const VALUE_OPTIONS = new Set(
  VALUE_ROWS.flatMap((row) => (row.short ? [row.flag, row.short] : [row.flag])) as string[],
);

/** Sorts the words after `muvm`. Options end at `--` and at the first word that is not one. */
export function parseWords(words: readonly string[]): Words {
  const { argv } = Parser.detailed(separateValues(words), {
    configuration: CONFIGURATION,
    alias: Object.fromEntries(
      rows.flatMap((row) => (row.short && ownsLetter(row) ? [[keyOf(row), row.short.slice(1)]] : [])),
    ),
    boolean: rows.filter((row) => row.kind === 'switch').map(keyOf),
    string: VALUE_ROWS.map(keyOf),
  });
  const { _: command, ...options } = argv;
  const given = new Map<SettingName, Given>();
  const faults = [];
  for (const [key, option] of Object.entries(options)) {
    const name = NAME_BY_KEY.get(key);
    const texts = [option].flat().map(String);
    if (name === undefined) faults.push(unknownOption(key, words));
    else if (!VALUE_OPTIONS.has(`--${key}`)) {
      given.set(name, true);
      if (texts.some((text) => text !== 'true')) faults.push(fault(`Cannot give --${key} a value`));
    } else if (texts.includes('')) faults.push(valueMissing(name));
    else given.set(name, texts);
  }
  return { given, command: command.map(String), faults };
}

/**
 * Makes `-eKEY=VALUE` two words, as yargs takes a value right behind its letter for more letters; and marks where the
 * command begins, as it takes the commands `true` and `false` for the value of a switch before them.
 */
function separateValues(words: readonly string[]): string[] {
  const separated: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') return [...separated, ...words.slice(index)];
    if (word === '-' || !word.startsWith('-')) return [...separated, '--', ...words.slice(index)];
    const [option, glued] = word.startsWith('--') ? [word] : splitCluster(word);
    const takesNext = VALUE_OPTIONS.has(word.startsWith('--') ? option : `-${option.at(-1)}`) && glued === undefined;
    const value = takesNext && index + 1 < words.length ? words[++index] : glued;
    separated.push(...(value === undefined ? [option] : spell(option, value)));
  }
  return separated;
}

/** An option with its value, where the value decides which of two options a letter stands for. */
function spell(option: string, value: string): string[] {
  const flag = option.startsWith('--') ? undefined : flagForWord(`-${option.at(-1)}`, value);
  if (flag === undefined) return [option, value];
  const others = option.slice(0, -1);
  return [...(others === '-' ? [] : [others]), flag, value];
}

function splitCluster(word: string): [option: string, value?: string] {
  const letters = [...word].slice(1);
  const valueAt = letters.findIndex((letter) => VALUE_OPTIONS.has(`-${letter}`));
  const value = valueAt < 0 ? '' : letters.slice(valueAt + 1).join('');
  return value === '' ? [word] : [word.slice(0, word.length - value.length), value.replace(/^=/, '')];
}

function valueMissing(name: SettingName) {
  const row: Setting = SETTINGS[name];
  const example = row.kind === 'switch' ? '' : ` ${row.choices?.join('|') ?? row.placeholder}`;
  return fault(`Cannot use ${row.flag} without a value`, `Give it as "${row.flag}${example}".`);
}

function unknownOption(key: string, words: readonly string[]) {
  const flags = rows.map((row) => row.flag);
  const oneDash = words.find((word) => flags.some((flag) => flag === `-${word}`));
  const meant = oneDash ? `-${oneDash}` : nearest(`--${key}`, flags);
  const option = key.length === 1 ? `-${key}` : `--${key}`;
  return fault(
    `Cannot use the unknown option "${option}"`,
    meant ? `Did you mean ${meant}?` : 'See "muvm --help" for the options.',
  );
}
