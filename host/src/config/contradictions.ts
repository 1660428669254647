import type { MuvmError } from '@muvm/errors';
import { HOOKS_MAX, SOCKETS_MAX } from '@muvm/protocol/contract';
import { fault } from './faults.ts';
import type { Host } from './host.ts';
import { SETTING_ROWS, SETTINGS, type SettingName, type Settings } from './settings.ts';

/** What is asked for instead of running a command. */
export const INSTEAD = ['status', 'doctor', 'stop', 'logs', 'completion'] as const satisfies readonly SettingName[];

/** Options that mean the opposite of each other, where both are on the command line. */
const OPPOSITES = [
  ['detach', 'interactive'],
  ['detach', 'tty'],
  ['verbose', 'quiet'],
] as const satisfies readonly (readonly [SettingName, SettingName])[];

/** What may be given more than once, but not for ever. */
const TIMES_MAX = {
  sockets: SOCKETS_MAX,
  publishedSockets: SOCKETS_MAX,
  rootHooks: HOOKS_MAX,
  userHooks: HOOKS_MAX,
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
  const faults = OPPOSITES.filter(([one, other]) => flags.has(one) && flags.has(other)).map(notTogether);
  if (settings.json && !settings.status && !settings.doctor) {
    faults.push(fault('Cannot use --json without --status or --doctor'));
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

function notTogether([one, other]: readonly [SettingName, SettingName]): MuvmError {
  return fault(`Cannot use ${spell(one)} together with ${spell(other)}`);
}

function insteadFaults(instead: readonly SettingName[], { flags, command }: Wishes): MuvmError[] {
  const [first = 'status', ...others] = instead;
  const faults = others.map((other) => notTogether([first, other]));
  for (const [name, row] of SETTING_ROWS) {
    if (row.group === 'command' && flags.has(name)) faults.push(notTogether([name, first]));
  }
  if (command.length > 0) {
    faults.push(
      fault(`Cannot run ${JSON.stringify(command[0])} together with ${spell(first)}, which takes no command`),
    );
  }
  return faults;
}

function runFaults(settings: Settings, host: Host): MuvmError[] {
  const faults: MuvmError[] = [];
  if (settings.tty && settings.interactive && !host.isTerminal(0)) {
    faults.push(fault('Cannot use -t with -i as standard input must be a terminal'));
  }
  if (settings.tty && !settings.interactive && !host.isTerminal(1)) {
    faults.push(fault('Cannot use -t as standard output must be a terminal'));
  }
  if (host.uid === 0 && !settings.allowRoot) faults.push(rootRefused());
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
