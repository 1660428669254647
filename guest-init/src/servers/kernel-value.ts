import { writeFileSync } from 'node:fs';

/** Writes a file of /proc/sys, named from there. @throws a system error */
export function writeKernelValue(name: string, value: string): void {
  writeFileSync(`/proc/sys/${name}`, value);
}
