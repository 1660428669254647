import { openSync, writeFileSync, writeSync } from 'node:fs';
import { KERNEL_VALUES, type KernelValue } from '../exec/index.ts';

/**
 * Opens the files of /proc/sys that the host has a say in. They stay open, as the way to them leads over `/` of the host,
 * which cannot be asked for just when they are needed most: when the host has no descriptor left.
 *
 * @returns what writes one of them; throws a system error
 */
export function openKernelValues(): (name: KernelValue, value: string) => void {
  const descriptors = new Map(KERNEL_VALUES.map((name) => [name, openIfThere(pathOf(name))]));
  return (name, value) => {
    const fd = descriptors.get(name);
    if (fd === undefined) writeFileSync(pathOf(name), value);
    else writeSync(fd, value, 0);
  };
}

const pathOf = (name: KernelValue) => `/proc/sys/${name}`;

/** Undefined where the boot did not come so far, which its clients must still be told. */
function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'w');
  } catch {
    return undefined;
  }
}
