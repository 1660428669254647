import { formatCpuRanges, type Resolution } from '../../config/index.ts';
import { fetchVmStatus, type VmStatus } from '../../control/index.ts';
import { listVms } from '../../vm/index.ts';
import { alignColumns } from '../columns.ts';
import { print } from '../print.ts';
import { printable } from '../printable.ts';
import type { Ending } from '../report-error.ts';

const HEADINGS = ['NAME', 'STATE', 'DRIVER', 'KERNEL', 'MEMORY', 'CPUS', 'COMMANDS', 'UPTIME', 'PID'];

/** Prints the VMs that run: all of them, or the one that `--name` names. */
export async function printStatus({ settings, isFlag }: Resolution): Promise<Ending> {
  const names = isFlag('name') ? [settings.name] : await listVms();
  const answers = await Promise.all(names.map(fetchVmStatus));
  const statuses = answers.filter((status) => status !== undefined);
  const name = isFlag('name') ? settings.name : undefined;
  await print(settings.json ? `${JSON.stringify(statuses, undefined, 2)}\n` : printable(renderTable(statuses, name)));
  return { status: 0 };
}

/** @param name the only one that was asked for */
export function renderTable(statuses: readonly VmStatus[], name?: string): string {
  if (statuses.length === 0) return `No virtual machine${name === undefined ? '' : ` "${name}"`} is running\n`;
  return `${alignColumns([HEADINGS, ...statuses.map(tableRow)]).join('\n')}\n`;
}

function tableRow(status: VmStatus): string[] {
  const { attached, detached } = status.commands;
  return [
    status.name,
    status.state,
    [status.driver, status.acceleration].filter(Boolean).join('/'),
    status.kernelRelease ?? '-',
    status.memoryMib === undefined ? '-' : `${status.memoryMib} MiB`,
    formatCpuRanges(status.cpus),
    detached > 0 ? `${attached} + ${detached} detached` : `${attached}`,
    formatDuration(status.uptimeS),
    `${status.supervisorPid}`,
  ];
}

/** The two largest units: `41 s`, `3 min 5 s`, `2 h 0 min`, `4 d 1 h`. */
export function formatDuration(durationS: number): string {
  const [seconds, minutes, hours, days] = [
    Math.floor(durationS) % 60,
    Math.floor(durationS / 60) % 60,
    Math.floor(durationS / 3600) % 24,
    Math.floor(durationS / 86_400),
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds} s` : `${seconds} s`;
}
