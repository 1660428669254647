import { readFileSync } from 'node:fs';
import { findLibrary, systemDirectories } from '../libraries/places.ts';
import { type Finding, note, ok } from './check.ts';
import { packageVersion, type VersionQuestion } from './package-version.ts';

const SONAME = 'libxshmfence.so.1';
/** A variable of its own: with it, fences are files that a guest can share, and no memfds. */
const VARIABLE = 'XSHMFENCE_NO_MEMFD';

const FOREIGN = 'An image of another system, as FEX has, has a libxshmfence of its own.';

// The name of the file tells no version: its "1.0.0" is that of the interface.
const DEBIAN_ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;
const QUESTIONS: readonly VersionQuestion[] = [
  { program: 'dpkg-query', words: ['-W', '-f', `\${Version}`, `libxshmfence1:${DEBIAN_ARCHITECTURE}`] },
  { program: 'rpm', words: ['-q', '--qf', '%{VERSION}\n', 'libxshmfence'] },
  { program: 'pacman', words: ['-Q', 'libxshmfence'] },
  { program: 'pkg-config', words: ['--modversion', 'xshmfence'] },
];

/**
 * How fences of the host's programs cross to the X server, by what the bytes of their library say: the version alone does
 * not tell, as distributions have their own.
 */
export async function checkXshmfence(
  path: string | undefined = findLibrary(SONAME, systemDirectories()),
  version: () => Promise<string | undefined> = () => packageVersion(QUESTIONS),
): Promise<Finding> {
  if (path === undefined) {
    const hint = `Install libxshmfence 1.3.3 or later if programs are to render with the GPU for X11. ${FOREIGN}`;
    return note(`There is no "${SONAME}" in ${systemDirectories().join(', ')}`, hint);
  }
  const found = await version();
  const name = `"${path}" (${found === undefined ? 'version untold' : `version ${found}`})`;
  if (readFileSync(path).includes(VARIABLE)) {
    return ok(`${name} knows ${VARIABLE}: guest and host share fences, and no program is stopped for it`);
  }
  return note(
    `${name} does not know ${VARIABLE}: the X11 bridge has to stop each program for a moment to share its fences, by ptrace; strace, gdb and sandboxes on it stand in the way`,
    `Install libxshmfence 1.3.3 or later. ${FOREIGN}`,
  );
}
