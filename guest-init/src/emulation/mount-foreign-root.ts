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
 * @returns why there is none @throws MuvmError BOOT_FAILED for one that was asked for
 */
export function mountForeignRoot({ foreignRoot }: Pick<GuestConfig, 'foreignRoot'>): string | undefined {
  if (foreignRoot === null) return 'there are no images';
  try {
    assemble(foreignRoot);
    return undefined;
  } catch (error) {
    const sentence = `Cannot use the images: ${reasonOf(error)}`;
    if (!foreignRoot.isOptional) throw new MuvmError('BOOT_FAILED', sentence, { cause: error });
    return sentence;
  }
}

function assemble({ imageCount, isMerged, fexDirectories }: ForeignRoot): void {
  const images = findDisks(imageCount).map((disk, index) => {
    const target = join(IMAGES, `${index}`);
    mountOrTellWhy(disk, target);
    return target;
  });
  mkdirSync(FOREIGN_ROOT, { recursive: true });
  if (isMerged) mergeRoot(images, FOREIGN_ROOT);
  else stackDirectories(images, FOREIGN_ROOT);
  for (const [index, directory] of fexDirectories.entries())
    configureFex(directory, join(FEX_FILES, `${index}`), isMerged);
}

/** To mount(2) most of what can be wrong with an image is one error. */
function mountOrTellWhy(disk: string, target: string): void {
  try {
    mountImage(disk, target);
  } catch (error) {
    const words = lastKernelLine(`(device ${basename(disk)})`);
    throw new Error(`${reasonOf(error)} for image ${basename(target)}${words === undefined ? '' : `, "${words}"`}`);
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
