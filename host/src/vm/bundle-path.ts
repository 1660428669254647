import { dirname, join } from 'node:path';

export type Bundle = 'muvm-supervisor' | 'muvm-vmm' | 'muvm-guest';

/** The directory of our bundles. Source files are never run as they are: tests run the bundles too. */
export function bundleDirectory(): string {
  return dirname(import.meta.filename);
}

/** Arguments for node that run a bundle with its code cache. */
export function bundleArguments(bundle: Bundle): string[] {
  return [join(bundleDirectory(), 'start.cjs'), join(bundleDirectory(), `${bundle}.cjs`)];
}
