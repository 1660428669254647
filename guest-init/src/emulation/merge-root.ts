import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { coverFile, MOUNT_FLAGS, mount } from '@muvm/linux';
import { stackDirectories } from './overlay.ts';

/** Directories whose files are the guest's or the user's own, and are written to: an image has nothing to add to them. */
const GUEST_OWN = ['dev', 'home', 'media', 'mnt', 'proc', 'root', 'run', 'srv', 'sys', 'tmp', 'var'];

/** What the guest mounts over a single file of the host's. */
const COVERED_FILES = ['/etc/resolv.conf'];

/** The host's tree without the guest's mounts, over which no overlay can be laid. */
const HOST_TREE = '/run/muvm-host';

/** More than any root directory has. */
const NAMES_MAX = 1024;

/** What stands under one name of the merged root. */
export type MergedEntry = { readonly name: string } & (
  | { readonly kind: 'own' | 'file' | 'link'; readonly path: string }
  | { readonly kind: 'directory'; readonly layers: readonly string[] }
);

/**
 * The names of a root directory that is made of several: what is on top decides, and directories are one with those below
 * them.
 *
 * @param base the guest's own tree, at the bottom @param images the roots of the images, lowest first
 */
export function planMerge(base: string, images: readonly string[]): MergedEntry[] {
  const roots = [base, ...images];
  const names = [...new Set(roots.flatMap((root) => readdirSync(root)))].sort();
  if (names.length > NAMES_MAX) throw new RangeError(`Cannot merge ${names.length} names as ${NAMES_MAX} is the most`);
  return names.flatMap((name) => planName(name, roots));
}

function planName(name: string, roots: readonly string[]): MergedEntry[] {
  if (GUEST_OWN.includes(name)) return isThere(join('/', name)) ? [{ name, kind: 'own', path: join('/', name) }] : [];
  const found = roots.map((root) => join(root, name)).filter(isThere);
  const top = found.at(-1);
  if (top === undefined) return [];
  const stats = lstatSync(top);
  if (stats.isSymbolicLink()) return [{ name, kind: 'link', path: top }];
  if (!stats.isDirectory()) return [{ name, kind: 'file', path: top }];
  // Where no image has it, what the guest has mounted in it is to be seen too.
  if (top === join(roots[0] as string, name)) return [{ name, kind: 'own', path: join('/', name) }];
  const directories = found.map(directoryAt);
  return [{ name, kind: 'directory', layers: directories.slice(directories.lastIndexOf(undefined) + 1) as string[] }];
}

/**
 * The directory of a name in a root. Some systems have a directory `/lib` where others have a link to `usr/lib`, and the
 * programs of both are to find what they need.
 */
function directoryAt(path: string): string | undefined {
  const stats = lstatSync(path);
  if (stats.isDirectory()) return path;
  const target = stats.isSymbolicLink() ? readlinkSync(path) : '..';
  if (!/^[^./][^/]*(\/[^./][^/]*)*\/?$/.test(target)) return undefined;
  const linked = join(dirname(path), target);
  return lstatSync(linked, { throwIfNoEntry: false })?.isDirectory() ? linked : undefined;
}

/** Makes a tree of the guest's own with images over it. The guest's own root stays as it is. */
export function mergeRoot(images: readonly string[], target: string): void {
  const base = existsSync(HOST_TREE) ? HOST_TREE : '/';
  mount({ source: 'tmpfs', target, type: 'tmpfs', flags: MOUNT_FLAGS.nosuid | MOUNT_FLAGS.nodev, data: 'mode=755' });
  // Where the guest's root is a shared mount, what is mounted in here would show in all that /run is bound to.
  mount({ source: 'none', target, type: '', flags: MOUNT_FLAGS.private, data: '' });
  for (const entry of planMerge(base, images)) place(entry, join(target, entry.name));
  for (const file of COVERED_FILES) if (isMountPoint(file)) coverFile(file, join(target, file));
}

function place(entry: MergedEntry, target: string): void {
  if (entry.kind === 'link') {
    symlinkSync(readlinkSync(entry.path), target);
  } else if (entry.kind === 'directory') {
    stackDirectories(entry.layers, target);
  } else if (lstatSync(entry.path).isSymbolicLink()) {
    symlinkSync(readlinkSync(entry.path), target);
  } else {
    bind(entry.path, target);
  }
}

function bind(source: string, target: string): void {
  if (lstatSync(source).isDirectory()) mkdirSync(target, { recursive: true });
  else writeFileSync(target, '');
  // Within /run lies the merged root itself, which must not be in itself again.
  const isRun = source === '/run';
  const flags = isRun ? MOUNT_FLAGS.bind : MOUNT_FLAGS.bind | MOUNT_FLAGS.recursive;
  mount({ source, target, type: '', flags, data: '' });
  if (isRun && existsSync(HOST_TREE)) bind(HOST_TREE, join(target, relative(source, HOST_TREE)));
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** proc_pid_mountinfo(5): the fifth field. */
function isMountPoint(path: string): boolean {
  const mounts = readFileSync('/proc/self/mountinfo', 'latin1').split('\n');
  return mounts.some((line) => line.split(' ')[4] === path);
}
