import type { Host } from './host.ts';
import type { SettingName } from './settings.ts';

/** What was given for a setting: a switch on or off, or the texts of its values, in their order. */
export type Given = boolean | readonly string[];

/** One place that settings come from: the command line, or a configuration file. */
export interface Source {
  readonly given: ReadonlyMap<SettingName, Given>;
  /** Names a setting as this place writes it, such as `--mem` or `"mem" in "/etc/muvm/config.json"`. */
  readonly describe: (name: SettingName) => string;
  /** Where a setting of this place comes from: `--mem`, or the path of the file. */
  readonly origin: (name: SettingName) => string;
  /** The host as this place sees it: where relative paths begin. */
  readonly host: Host;
}
