import type { MuvmError } from '@muvm/errors';
import { HOOKS_MAX, IMAGES_MAX, SOCKETS_MAX } from '@muvm/protocol/contract';
import { fault } from './faults.ts';
import type { Host } from './host.ts';
import { networkFaults, PASST_ARGS_MAX } from './network-faults.ts';
import { SETTING_ROWS, SETTINGS, type SettingName, type Settings } from './settings.ts';

/** What is asked for instead of running a command. */
export const INSTEAD = [
  'status',
  'doctor',
  'stop',
  'logs',
  'printConfig',
  'completion',
] as const satisfies readonly SettingName[];

/** What `--json` is for. */
const WITH_FACTS = ['status', 'doctor', 'printConfig'] as const satisfies readonly SettingName[];

/** Settings that mean the opposite of each other: one place may ask for one of them. */
const OPPOSITES: readonly (readonly [SettingName, SettingName])[] = [
  ['detach', 'interactive'],
  ['detach', 'tty'],
  ['verbose', 'quiet'],
];

/** The pairs of opposites among the names. */
export function oppositesAmong(names: { has(name: SettingName): boolean }): (readonly [SettingName, SettingName])[] {
  return OPPOSITES.filter(([one, other]) => names.has(one) && names.has(other));
}

/** What a setting is the opposite of. */
export function oppositesOf(name: SettingName): SettingName[] {
  return OPPOSITES.filter((pair) => pair.includes(name)).flatMap((pair) => pair.filter((other) => other !== name));
}

/** What may be given more than once, but not for ever. */
const TIMES_MAX = {
  sockets: SOCKETS_MAX,
  publishedSockets: SOCKETS_MAX,
  rootHooks: HOOKS_MAX,
  userHooks: HOOKS_MAX,
  fexImages: IMAGES_MAX,
  passtArgs: PASST_ARGS_MAX,
} as const satisfies Partial<Record<SettingName, number>>;

export interface Wishes {
  /** Settings that are on the command line. */
  readonly flags: ReadonlySet<SettingName>;
  readonly settings: Settings;
  readonly command: readonly string[];
}

/** What cannot be wished for at the same time, or not here. */
export function findContradictions(wishes: Wishes, host: Host): MuvmError[] {
  const { flags, settings } = wishes;
  const faults = oppositesAmong(flags).map(notTogether);
  if (settings.json && !WITH_FACTS.some((name) => settings[name])) {
    faults.push(fault('Cannot use --json without --status, --doctor or --print-config'));
  }
  if (settings.privileged && flags.has('identity') && settings.identity === 'user') {
    faults.push(fault('Cannot use --privileged together with -p 3334, the server of the user'));
  }
  const instead = INSTEAD.filter((name) => flags.has(name));
  for (const [name, most] of Object.entries(TIMES_MAX) as [keyof typeof TIMES_MAX, number][]) {
    const times = settings[name].length;
    if (times > most) faults.push(fault(`Cannot use ${spell(name)} ${times} times as ${most} is the most`));
  }
  return [...faults, ...(instead.length > 0 ? insteadFaults(instead, wishes) : runFaults(settings, host))];
}

/** Root who does not say that this is meant: told alone, as whatever else is wrong comes first. */
export function rootFaults(flags: { has(name: SettingName): boolean }, settings: Settings, host: Host): MuvmError[] {
  const runsCommand = !INSTEAD.some((name) => flags.has(name));
  return runsCommand && host.uid === 0 && !settings.allowRoot ? [rootRefused()] : [];
}

function notTogether([one, other]: readonly [SettingName, SettingName]): MuvmError {
  return fault(`Cannot use ${spell(one)} together with ${spell(other)}`);
}

function insteadFaults(instead: readonly SettingName[], { flags, command }: Wishes): MuvmError[] {
  const [first = 'status', ...others] = instead;
  const faults = others.map((other) => notTogether([first, other]));
  for (const [name, row] of SETTING_ROWS) {
    const isShown = first === 'printConfig' && row.key !== undefined;
    if (row.group === 'command' && flags.has(name) && !isShown) faults.push(notTogether([name, first]));
  }
  if (command.length > 0) {
    faults.push(
      fault(`Cannot run ${JSON.stringify(command[0])} together with ${spell(first)}, which takes no command`),
    );
  }
  return faults;
}

function runFaults(settings: Settings, host: Host): MuvmError[] {
  const faults = networkFaults(settings);
  if (settings.tty && settings.interactive && !host.isTerminal(0)) {
    faults.push(fault('Cannot use -t with -i as standard input must be a terminal'));
  }
  if (settings.tty && !settings.interactive && !host.isTerminal(1)) {
    faults.push(fault('Cannot use -t as standard output must be a terminal'));
  }
  return faults;
}

function rootRefused(): MuvmError {
  return fault(
    "Cannot run as root as root of the guest would be the host's root on the shared files",
    'Run muvm as an ordinary user, or add --allow-root if that is what you want.',
  );
}

function spell(name: SettingName): string {
  const row = SETTINGS[name];
  return 'short' in row ? row.short : row.flag;
}
