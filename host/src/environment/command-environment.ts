import type { Variable } from '../config/index.ts';
import { isKeptBack } from './kept-back.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentWishes {
  readonly terminal: boolean;
  /** Pass on all that means something in the guest. */
  readonly inherit: boolean;
  /** Paths in the guest of the host's sockets that it has. */
  readonly sharedSockets: readonly string[];
  /** A directory for Firefox in place of its default profile. */
  readonly firefoxProfile: string | undefined;
  /** In their order; the last one of a name counts, and each over all else. */
  readonly wished: readonly Variable[];
}

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

/**
 * Modules of GTK and Qt for ibus or fcitx reach these over the session's D-Bus, which the guest does not have. The X input
 * method goes through the display. Qt, which has no module of that name any more, falls back to its own compose keys.
 */
const INPUT_METHOD = { GTK_IM_MODULE: 'xim', QT_IM_MODULE: 'xim' };

/** The variables that a command is given by its caller. */
export function commandEnvironment(caller: Environment, wishes: EnvironmentWishes): Record<string, string> {
  const environment = wishes.inherit ? inherited(caller, wishes.sharedSockets) : passedOn(caller, wishes.terminal);
  Object.assign(environment, INPUT_METHOD);
  if (!ENCODING.some((key) => environment[key])) environment['LANG'] = 'C.UTF-8';
  // Two Firefoxes under two kernels do not see each other's lock of a profile, and spoil it.
  const profile = caller['XRE_PROFILE_PATH'] || wishes.firefoxProfile;
  if (profile) environment['XRE_PROFILE_PATH'] = profile;
  for (const { key, value } of wishes.wished) {
    const given = value ?? caller[key];
    if (given !== undefined) environment[key] = given;
  }
  return environment;
}

function passedOn(caller: Environment, hasTerminal: boolean): Record<string, string> {
  const names = hasTerminal ? [...PASSED_ON, ...OF_TERMINAL] : PASSED_ON;
  return defined(names.map((name) => [name, caller[name]]));
}

function inherited(caller: Environment, sharedSockets: readonly string[]): Record<string, string> {
  const all = defined(Object.entries(caller));
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => !isKeptBack(name, value, sharedSockets)));
}

function defined(entries: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
