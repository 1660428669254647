import { BOOT_MARKS } from './boot-marks.ts';

export interface InitScriptOptions {
  /** Absolute, as are the other paths. */
  readonly nodePath: string;
  /** What node runs: the agent, or what starts it, with its arguments. */
  readonly agentArguments: readonly string[];
  readonly nodeArguments: readonly string[];
  /** Whether the script is the guest's first program, or libkrun's init has mounted what it needs and started it. */
  readonly isFirst: boolean;
}

// Programs come over virtiofs a request at a time, each as large as this: 128, the default, makes the first start of node
// take twice as long.
const READ_AHEAD_KIB = 1024;

/**
 * The guest's first program, for any POSIX sh. It starts the agent as a child and stays PID 1, so that a crash of the
 * agent is no kernel panic, and reaps the orphans: while a shell waits for one child, it collects all that end. Where
 * libkrun's init is the first, which does the same, it is the second.
 *
 * The agent does the rest of the boot. Only /proc comes first: in its place the guest would show node the host's, where
 * /proc/self is the process that serves the files; and /sys, for the read-ahead. With the end of PID 1 the kernel ends
 * the machine.
 */
export function renderInitScript({ nodePath, nodeArguments, agentArguments, isFirst }: InitScriptOptions): string {
  const command = [nodePath, ...nodeArguments, ...agentArguments].map(quote).join(' ');
  return `#!/bin/sh
exec </dev/null >/dev/hvc0 2>&1
echo ${quote(BOOT_MARKS.init)}
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
${isFirst ? FIRST_MOUNTS : ''}for window in /sys/class/bdi/0:*/read_ahead_kb; do echo ${READ_AHEAD_KIB} >"$window"; done
${command} &
wait $!
echo "muvm: agent ended with status $?"
kill -9 -1
sync
exit 0
`;
}

const FIRST_MOUNTS = `mount -t proc -o nosuid,nodev,noexec proc /proc
mount -t sysfs -o nosuid,nodev,noexec sysfs /sys
`;

/** One word of the shell, whatever is in it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
