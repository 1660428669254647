/** What the man page says besides its tables, in the mark-up of `marked()`. */

export const DESCRIPTION: readonly string[] = [
  'muvm runs *COMMAND* in a small virtual machine. The program has a Linux kernel of its own, and everything else of this machine: the root file system, the current directory, the user, the terminal. There is no image to build and nothing to copy in or out.',
  'The first command starts the machine, later ones join it, and the last one ends it. Two commands that are started in the same instant end up in one machine. Several machines can run at once, each by its `--name`.',
  'Standard output and standard error of the command arrive separately and byte for byte; muvm itself writes nothing to standard output. Standard input is passed on only with `-i`. With `-t` the command has a terminal of its own, with job control. Signals that muvm gets are sent on to the command.',
  'Options end at `--`, or at the first word that is not one. Letters can stand together, the value of the last behind them: `-tip 3335`.',
];

export const OPTIONS: readonly string[] = [
  'A value can be the next word, or behind an equals sign: `--mem 4096`, `--mem=4096`. Where a *key* is named, the option can stand in a configuration file by that name.',
];

export const CONFIGURATION: readonly string[] = [
  'Settings come from the command line, then from the files named in FILES, the first being the strongest. The strongest place that has a setting decides it; of what may be repeated, all count. Unknown keys are errors. A relative path begins at the directory of the file. A file is a JSON object of the keys named in OPTIONS, such as this:',
];

export const CONFIGURATION_EXAMPLE: readonly string[] = [
  '{ "mem": 4096, "cpu-list": "0-3", "linger": 60,',
  '  "env": ["EDITOR", "GREETING=hello"] }',
];

export const CONFIGURATION_SHOWN: readonly string[] = [
  '`muvm --print-config` shows what it all amounts to, and where each value comes from; with `--json` it prints a file that says the same.',
];

export const NOTES: readonly string[] = [
  'Root of the guest keeps the rights on shared files that the user has on the host, no more. For the same reason muvm refuses to be run by root, unless `--allow-root` says that this is meant.',
  'When something does not work, `muvm --doctor` tells what this host has for a machine, `muvm --status` what runs, and `muvm --logs` shows the logs, those of the last machine that failed included.',
];
