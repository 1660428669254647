import type { Variable } from '../config/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const LOCALE = [
  ...['LANG', 'LC_ALL', 'LC_ADDRESS', 'LC_COLLATE', 'LC_CTYPE', 'LC_IDENTIFICATION', 'LC_MEASUREMENT', 'LC_MESSAGES'],
  ...['LC_MONETARY', 'LC_NAME', 'LC_NUMERIC', 'LC_PAPER', 'LC_TELEPHONE', 'LC_TIME'],
];

/** Variables of the caller that mean the same in the guest, as both share their files. */
const PASSED_ON = [
  ...LOCALE,
  ...['LD_LIBRARY_PATH', 'LIBGL_DRIVERS_PATH', 'MESA_LOADER_DRIVER_OVERRIDE', 'PATH', 'RUST_LOG', 'XMODIFIERS'],
];

const OF_TERMINAL = ['TERM', 'COLORTERM'];

/** Each of these decides how text is encoded; without all of them programs take bytes for ASCII. */
const ENCODING = ['LANG', 'LC_CTYPE', 'LC_ALL'];

/** The variables that a command is given by its caller. The guest adds what only it knows. */
export function commandEnvironment(
  caller: Environment,
  { terminal, wished }: { readonly terminal: boolean; readonly wished: readonly Variable[] },
): Record<string, string> {
  const environment: Record<string, string> = {};
  const passOn = (key: string) => {
    const value = caller[key];
    if (value !== undefined) environment[key] = value;
  };
  for (const key of terminal ? [...PASSED_ON, ...OF_TERMINAL] : PASSED_ON) passOn(key);
  if (!ENCODING.some((key) => environment[key])) environment['LANG'] = 'C.UTF-8';
  for (const { key, value } of wished) {
    if (value === undefined) passOn(key);
    else environment[key] = value;
  }
  return environment;
}
