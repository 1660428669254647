import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MuvmError } from '@muvm/errors';
import { IMAGES_MAX } from '@muvm/protocol/contract';
import { checkImage } from './erofs.ts';

/** Where distributions install the images of FEX: the one at the bottom, and those that lie over it. */
const BASE = 'RootFS/default.erofs';
const OVERLAYS = 'overlays';
export const FEX_SHARE = '/usr/share/fex-emu';

/** On x86-64 both drivers have room for eight virtio devices beside which there are no more than these. */
const MOST: Partial<Record<NodeJS.Architecture, number>> = { x64: 3 };

/** The images that are used where none are named: lowest first, none where the base is not there. */
export function installedImages(share = FEX_SHARE): string[] {
  const base = join(share, BASE);
  if (!statSync(base, { throwIfNoEntry: false })) return [];
  return [base, ...overlays(join(share, OVERLAYS))];
}

function overlays(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith('.erofs'));
    return names.sort().map((name) => join(directory, name));
  } catch {
    return [];
  }
}

/** @throws MuvmError USAGE for the first image that the guest cannot mount, or for one too many */
export function checkImages(paths: readonly string[], arch: NodeJS.Architecture): void {
  const most = MOST[arch] ?? IMAGES_MAX;
  if (paths.length > most) {
    throw new MuvmError('USAGE', `Cannot use ${paths.length} images as a machine has room for ${most}`, {
      hint: 'Make one of several: "mkfs.erofs -b4096 IMAGE DIRECTORY" of a directory with the files of all.',
    });
  }
  for (const path of paths) checkImage(path);
}
