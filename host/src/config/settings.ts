import {
  oneOf,
  readCpus,
  readIdentity,
  readLingerMs,
  readMemoryMib,
  readName,
  readVariable,
  readWorkdir,
} from './readers.ts';
import { list, type Setting, type SettingType, toggle, value } from './setting.ts';
import { VMM_CHOICES } from './vm-plan.ts';

export const COMPLETION_SHELLS = ['bash', 'zsh', 'fish'] as const;

export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

/**
 * THE TABLE: one row a setting. Options, keys of the configuration files, `--help`, shell completion,
 * docs/settings.md and the type {@link Settings} all come from here, in this order.
 */
export const SETTINGS = {
  interactive: toggle({
    flag: '--interactive',
    short: '-i',
    group: 'command',
    help: 'Pass standard input to the command',
  }),
  tty: toggle({
    flag: '--tty',
    short: '-t',
    group: 'command',
    help: 'Give the command a terminal (with -i: a shell)',
    notes:
      'Standard output, with `-i` standard input, must be a terminal. Standard output and error of the command are one.',
  }),
  detach: toggle({ flag: '--detach', short: '-d', group: 'command', help: 'Return once the command has started' }),
  env: list({
    flag: '--env',
    short: '-e',
    key: 'env',
    placeholder: 'KEY[=VALUE]',
    json: 'text',
    group: 'command',
    help: 'Set a variable, or pass one on; may be repeated',
    notes:
      '`KEY` alone passes the value of the environment on, or nothing where it is unset. Options count over files.',
    read: readVariable,
  }),
  workdir: value({
    flag: '--workdir',
    short: '-w',
    placeholder: 'DIR',
    completes: 'directory',
    json: 'text',
    group: 'command',
    help: 'Run here instead of in the current directory',
    read: readWorkdir,
    fallback: (host) => host.workdir(),
    fallbackText: 'the current directory',
  }),
  privileged: toggle({
    flag: '--privileged',
    group: 'command',
    help: 'Run as root of the guest',
    notes: 'On files shared with the host it still has the rights of the user on the host. The same as `-p 3335`.',
  }),
  identity: value({
    flag: '--port',
    short: '-p',
    placeholder: '3334|3335',
    choices: ['3334', '3335'],
    json: 'number',
    group: 'command',
    help: 'Run as the user (3334) or as root (3335)',
    read: readIdentity,
    fallback: () => 'user' as const,
    fallbackText: '`3334`',
  }),
  name: value({
    flag: '--name',
    key: 'name',
    placeholder: 'NAME',
    json: 'text',
    group: 'machine',
    help: 'Which virtual machine; several can run at once',
    read: readName,
    fallback: () => 'default',
    fallbackText: '`default`',
  }),
  memoryMib: value<number | undefined>({
    flag: '--mem',
    key: 'mem',
    placeholder: 'MIB',
    json: 'number',
    group: 'machine',
    help: 'Memory of the guest, in MiB',
    notes: 'Holds for a machine that this command starts, not for one that runs already.',
    read: readMemoryMib,
    fallback: () => undefined,
    fallbackText: 'chosen by the driver',
  }),
  cpus: value<readonly number[]>({
    flag: '--cpu-list',
    short: '-c',
    key: 'cpu-list',
    placeholder: 'LIST',
    json: 'text',
    group: 'machine',
    help: 'CPUs of the host to run on, such as 0-3,6',
    notes: 'The guest gets one CPU for each. Holds for a machine that this command starts.',
    read: readCpus,
    fallback: (host) => host.cpus(),
    fallbackText: 'all that the caller may use',
  }),
  lingerMs: value({
    flag: '--linger',
    key: 'linger',
    placeholder: 'SECONDS',
    json: 'number',
    group: 'machine',
    help: 'Keep it this long after its last command',
    read: readLingerMs,
    fallback: () => 0,
    fallbackText: '`0`',
  }),
  vmm: value({
    flag: '--vmm',
    key: 'vmm',
    placeholder: 'auto|libkrun|qemu',
    choices: VMM_CHOICES,
    json: 'text',
    group: 'machine',
    help: 'What runs the virtual machine',
    read: oneOf(VMM_CHOICES),
    fallback: () => 'auto' as const,
    fallbackText: '`auto`',
  }),
  allowRoot: toggle({
    flag: '--allow-root',
    group: 'machine',
    help: 'Allow muvm to be run by root',
    notes: 'Then root of the guest is root of the host on every shared file, so that the machine protects nothing.',
  }),
  status: toggle({ flag: '--status', group: 'manage', help: 'Show the virtual machines that run' }),
  json: toggle({ flag: '--json', group: 'manage', help: 'With --status: as JSON' }),
  stop: toggle({ flag: '--stop', group: 'manage', help: 'Stop the virtual machine, wait until it is gone' }),
  logs: toggle({ flag: '--logs', group: 'manage', help: 'Show the logs of the virtual machine' }),
  completion: value<CompletionShell | undefined>({
    flag: '--completion',
    placeholder: 'SHELL',
    choices: COMPLETION_SHELLS,
    json: 'text',
    group: 'manage',
    help: 'Print a completion script for bash, zsh or fish',
    read: oneOf(COMPLETION_SHELLS),
    fallback: () => undefined,
    fallbackText: 'none',
  }),
  verbose: toggle({
    flag: '--verbose',
    short: '-v',
    key: 'verbose',
    group: 'general',
    help: 'Say on standard error what is done, with timings',
  }),
  quiet: toggle({
    flag: '--quiet',
    short: '-q',
    key: 'quiet',
    group: 'general',
    help: 'Show no progress, only errors',
  }),
  version: toggle({ flag: '--version', group: 'general', help: 'Show the version' }),
  help: toggle({ flag: '--help', short: '-h', group: 'general', help: 'Show this help' }),
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTINGS;

/** Everything that was wished for, complete and checked. */
export type Settings = { readonly [Name in SettingName]: SettingType<(typeof SETTINGS)[Name]> };

/** The rows with their names, in the order of the table. */
export const SETTING_ROWS = Object.entries(SETTINGS) as readonly (readonly [SettingName, Setting])[];
