import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, type Sandbox } from '../framework/index.ts';

const PREFIX = '/opt/muvm';

/** What `make install` makes, in a directory of the sandbox. */
export interface InstalledTree {
  /** PREFIX below DESTDIR. */
  readonly root: string;
  readonly muvm: string;
  /** For `$XDG_DATA_DIRS`. */
  readonly share: string;
}

const script = (name: string) => join(REPOSITORY, 'scripts', name);

export function installInto(sandbox: Sandbox): InstalledTree {
  const destination = join(sandbox.directory, 'installed');
  execFileSync(script('install.sh'), [PREFIX, destination], { stdio: 'pipe' });
  const root = join(destination, PREFIX);
  return { root, muvm: join(root, 'bin/muvm'), share: join(root, 'share') };
}

export function uninstallFrom(sandbox: Sandbox): void {
  execFileSync(script('uninstall.sh'), [PREFIX, join(sandbox.directory, 'installed')], { stdio: 'pipe' });
}

/** Files and links of a tree, relative to it. */
export function filesOf(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => path.slice(root.length + 1)).sort();
}
