import { type MuvmError, toMuvmError } from '@muvm/errors';
import { pulseSocket } from '../sockets/pulse-socket.ts';
import { findContradictions, INSTEAD, oppositesOf, rootFaults } from './contradictions.ts';
import { fault, quoted, throwFaults } from './faults.ts';
import { loadConfigFiles } from './files.ts';
import type { Host } from './host.ts';
import type { ListSetting, Setting, ValueSetting } from './setting.ts';
import { SETTING_ROWS, SETTINGS, type SettingName, type Settings } from './settings.ts';
import type { Given, Source } from './source.ts';
import type { SharedSocket, VmPlan } from './vm-plan.ts';

/** The words of the command line, sorted. */
export interface Words {
  readonly given: ReadonlyMap<SettingName, Given>;
  readonly command: readonly string[];
  /** What is wrong with the options themselves. */
  readonly faults: readonly MuvmError[];
}

export interface Resolution {
  readonly settings: Settings;
  readonly command: readonly string[];
  /** Whether a setting was given on the command line. */
  readonly isFlag: (name: SettingName) => boolean;
  /** Where a value comes from, and each entry of a list: an option such as `--mem`, or a path. Empty for the default. */
  readonly originsOf: (name: SettingName) => readonly string[];
}

interface Found {
  readonly value: unknown;
  readonly origins: readonly string[];
}

/**
 * The last place where anything may be missing: command line over files over fallbacks.
 *
 * @throws MuvmError USAGE, or an AggregateError of them, that tells all that is wrong
 */
export function resolveSettings(words: Words, host: Host): Resolution {
  const faults = [...words.faults];
  const flagOf = (name: SettingName) => SETTINGS[name].flag;
  const flags: Source = { given: words.given, describe: flagOf, origin: flagOf, host };
  const sources = [flags, ...loadConfigFiles(host, faults)];
  const isInstead = INSTEAD.some((name) => words.given.has(name));
  const found = new Map(
    SETTING_ROWS.map(([name, row]) => {
      // Whoever runs no command may well be in a directory that is gone.
      const ownFaults = isInstead && row.group === 'command' && !words.given.has(name) ? [] : faults;
      return [name, resolveRow(name, row, sources, host, ownFaults)];
    }),
  );
  const settings = Object.fromEntries([...found].map(([name, { value }]) => [name, value])) as unknown as Settings;
  faults.push(...findContradictions({ flags: new Set(words.given.keys()), settings, command: words.command }, host));
  if (faults.length === 0 && words.command.length === 0 && !isInstead) {
    faults.push(
      fault('Cannot start without a command', 'Try "muvm -- uname -r", or "muvm --help" for all that can be said.'),
    );
  }
  throwFaults(faults);
  throwFaults(rootFaults(words.given, settings, host));
  return {
    settings,
    command: words.command,
    isFlag: (name) => words.given.has(name),
    originsOf: (name) => found.get(name)?.origins ?? [],
  };
}

function resolveRow(
  name: SettingName,
  row: Setting,
  sources: readonly Source[],
  host: Host,
  faults: MuvmError[],
): Found {
  if (row.kind === 'switch') return resolveSwitch(name, sources);
  const faultsBefore = faults.length;
  // The weakest first, so that the last value is the strongest.
  const found = sources.toReversed().flatMap((source) => readAll(name, row, source, faults));
  if (row.kind === 'list') {
    return { value: found.map(({ value }) => value), origins: found.flatMap(({ origins }) => origins) };
  }
  const fallback = () => guarded(() => row.fallback(host), `find ${row.fallbackText}`, faults);
  // What was given and cannot be used is told; what would be there without it is of no interest.
  return found.at(-1) ?? { value: faults.length > faultsBefore ? undefined : fallback(), origins: [] };
}

/** Who turns on the opposite of a switch turns that off, wherever weaker places had it on. */
function resolveSwitch(name: SettingName, sources: readonly Source[]): Found {
  for (const { given, origin } of sources) {
    if (given.has(name)) return { value: given.get(name), origins: [origin(name)] };
    const opposite = oppositesOf(name).find((other) => given.get(other) === true);
    if (opposite) return { value: false, origins: [origin(opposite)] };
  }
  return { value: false, origins: [] };
}

type TextSetting = ValueSetting<unknown> | ListSetting<unknown>;

function readAll(name: SettingName, row: TextSetting, source: Source, faults: MuvmError[]): Found[] {
  const texts = source.given.get(name);
  if (texts === undefined || typeof texts === 'boolean') return [];
  return texts.flatMap((text) => {
    const reading = guarded(() => row.read(text, source.host), `use ${source.describe(name)}`, faults);
    if (reading && 'value' in reading) return [{ value: reading.value, origins: [source.origin(name)] }];
    if (reading) faults.push(fault(`Cannot use ${quoted(text)} as ${source.describe(name)} as ${reading.wanted}`));
    return [];
  });
}

function guarded<T>(step: () => T, action: string, faults: MuvmError[]): T | undefined {
  try {
    return step();
  } catch (error) {
    faults.push(toMuvmError(error, 'SYSTEM', `Cannot ${action}`));
    return undefined;
  }
}

/** What the supervisor must know of the settings. */
export function planVm(settings: Settings, host: Host): VmPlan {
  const { name, vmm, libkrunPath, gpuMode, vramMib, memoryMib, cpus, lingerMs, verbose, x11 } = settings;
  const { emulator, fexImages, mergedRootfs } = settings;
  return {
    ...{ name, vmm, libkrunPath, gpuMode, vramMib, memoryMib, cpus, lingerMs, verbose, x11 },
    ...{ emulator, fexImages, mergedRootfs },
    fastCpus: host.fastCpus(),
    forwardedSockets: [...settings.sockets, ...soundSocket(settings.sockets, host)],
    publishedSockets: settings.publishedSockets,
    network: {
      publishedPorts: settings.publishedPorts,
      passtSocket: settings.passtSocket,
      passtArgs: settings.passtArgs.flat(),
    },
    hooks: { root: settings.rootHooks, user: settings.userHooks },
  };
}

/** The sound server of the session, unless something else is wanted in its place. */
function soundSocket(wished: readonly SharedSocket[], host: Host): SharedSocket[] {
  const hostPath = pulseSocket(host.env);
  const guestPath = `/run/user/${host.uid}/pulse/native`;
  if (hostPath === undefined || !host.isSocket(hostPath) || wished.some((each) => each.guestPath === guestPath))
    return [];
  return [{ hostPath, guestPath, isOptional: true }];
}
