import { readFileSync } from 'node:fs';
import { findLibrary, systemDirectories } from '../libraries/places.ts';
import { type Finding, note, ok } from './check.ts';

const SONAME = 'libxshmfence.so.1';
/** A variable of its own: with it, fences are files that a guest can share, and no memfds. */
const VARIABLE = 'XSHMFENCE_NO_MEMFD';

/** Whether the library of X11's fences, which guest and host have in common, can make fences that both can share. */
export function checkXshmfence(path: string | undefined = findLibrary(SONAME, systemDirectories())): Finding {
  if (path === undefined) {
    const hint = 'Install libxshmfence 1.3.3 or later if programs are to render with the GPU for X11.';
    return note(`There is no "${SONAME}" in ${systemDirectories().join(', ')}`, hint);
  }
  if (readFileSync(path).includes(VARIABLE)) {
    return ok(`"${path}" knows ${VARIABLE}, so that guest and host can share fences`);
  }
  return note(
    `"${path}" does not know ${VARIABLE}, which fences that guest and host share need; else the X11 bridge has to use ptrace`,
    'Install libxshmfence 1.3.3 or later.',
  );
}
