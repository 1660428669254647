import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MuvmError, reasonOf } from '@muvm/errors';
import { FOREIGN_ROOT, type ForeignRoot, type GuestConfig } from '@muvm/protocol/contract';
import { findDisks } from './disks.ts';
import { renderFexConfig } from './fex-config.ts';
import { lastKernelLine } from './kernel-log.ts';
import { mergeRoot } from './merge-root.ts';
import { mountImage, stackDirectories } from './overlay.ts';

/** Where each image is by itself, below its number. */
const IMAGES = '/run/muvm/images';
/** What lies over the directories of FEX. */
const FEX_FILES = '/run/muvm/fex';
const FEX_CONFIG = 'Config.json';

/**
 * Mounts the images, makes one root of them, and tells FEX of it.
 *
 * @returns why there is none @throws Error with the reason, where it was asked for
 */
export function mountForeignRoot({ foreignRoot }: Pick<GuestConfig, 'foreignRoot'>): string | undefined {
  if (foreignRoot === null) return 'there are no images';
  try {
    assemble(foreignRoot);
    return undefined;
  } catch (error) {
    if (foreignRoot.isOptional) return reasonOf(error);
    throw error;
  }
}

function assemble({ images, isMerged, fexDirectories }: ForeignRoot): void {
  const disks = findDisks(images.length);
  const mounted = images.map((image, index) => mountDisk(disks[index] as string, join(IMAGES, `${index}`), image));
  mkdirSync(FOREIGN_ROOT, { recursive: true });
  if (isMerged) mergeRoot(mounted, FOREIGN_ROOT);
  else stackDirectories(mounted, FOREIGN_ROOT);
  for (const [index, directory] of fexDirectories.entries()) {
    configureFex(directory, join(FEX_FILES, `${index}`), isMerged);
  }
}

/** To mount(2) most of what can be wrong with an image is one error. @returns the target @throws MuvmError BOOT_FAILED */
function mountDisk(disk: string, target: string, image: string): string {
  try {
    mountImage(disk, target);
    return target;
  } catch (error) {
    const words = lastKernelLine(`(device ${basename(disk)})`);
    const reason = `${reasonOf(error)}${words === undefined ? '' : `, and the guest's kernel says "${words}"`}`;
    throw new MuvmError('BOOT_FAILED', `Cannot mount the image "${image}": ${reason}`, { cause: error });
  }
}

/** The host's configuration may name an image that FEX is to mount by itself, and its file is not ours to change. */
function configureFex(directory: string, own: string, isMerged: boolean): void {
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, FEX_CONFIG), renderFexConfig(readOr(join(directory, FEX_CONFIG)), isMerged));
  stackDirectories([directory, own], directory);
}

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
