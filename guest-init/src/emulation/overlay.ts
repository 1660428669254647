import { mkdirSync } from 'node:fs';
import { MOUNT_FLAGS, mount } from '@muvm/linux';

const READ_ONLY = MOUNT_FLAGS.readonly | MOUNT_FLAGS.nosuid | MOUNT_FLAGS.nodev;

/**
 * Shows directories as one, read-only: each lies over those before it. Marks of overlays are read from `user.overlay.*`:
 * those that the host's own overlays leave in `trusted.*` mean nothing here, and an ordinary user's machine cannot ask for
 * them.
 *
 * Source: Documentation/filesystems/overlayfs.rst of the kernel.
 */
export function stackDirectories(layers: readonly string[], target: string): void {
  mkdirSync(target, { recursive: true });
  const [only, ...others] = layers;
  if (only !== undefined && others.length === 0) {
    mount({ source: only, target, type: '', flags: MOUNT_FLAGS.bind, data: '' });
    return;
  }
  const data = `lowerdir=${layers.toReversed().map(escaped).join(':')},userxattr`;
  mount({ source: 'overlay', target, type: 'overlay', flags: READ_ONLY, data });
}

/** Mounts the image on a disk. */
export function mountImage(disk: string, target: string): void {
  mkdirSync(target, { recursive: true });
  mount({ source: disk, target, type: 'erofs', flags: READ_ONLY, data: '' });
}

/** In a list of layers colons end one, and commas the list. */
function escaped(path: string): string {
  return path.replaceAll(/[\\:,]/g, '\\$&');
}
