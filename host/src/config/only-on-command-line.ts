import type { SettingName } from './settings.ts';

/** The settings without a key in files, and why they have none. */
export const ONLY_ON_COMMAND_LINE = {
  interactive: 'what stands in a pipe before one command is not for the next',
  tty: 'a command in a script has no terminal',
  detach: 'one command is waited for, another is not',
  workdir: 'every command runs where it is called',
  privileged: 'no file makes root of the guest out of every command',
  identity: 'no file makes root of the guest out of every command',
  status: 'it is done instead of a command',
  doctor: 'it is done instead of a command',
  printConfig: 'it is done instead of a command',
  json: 'it goes with what is done instead of a command',
  stop: 'it is done instead of a command',
  logs: 'it is done instead of a command',
  completion: 'it is done instead of a command',
  version: 'it is done instead of a command',
  help: 'it is done instead of a command',
} as const satisfies Partial<Record<SettingName, string>>;

/** Why a setting cannot stand in a file. Undefined where it can. */
export function whyNotInFiles(name: SettingName): string | undefined {
  const reasons: Partial<Record<SettingName, string>> = ONLY_ON_COMMAND_LINE;
  return reasons[name];
}
