import { MuvmError } from '@muvm/errors';
import type { ImageDisk } from '../../emulation/index.ts';
import type { DriverContext } from '../driver.ts';
import type { Libkrun } from './library.ts';

/**
 * The images as disks. A library that was built without disks has none of them.
 *
 * @throws MuvmError MISSING_PART where they were asked for
 */
export function chooseDisks(
  libkrun: Pick<Libkrun, 'path' | 'feature'>,
  { emulation, onNotice }: Pick<DriverContext, 'emulation' | 'onNotice'>,
): readonly ImageDisk[] {
  const { disks, guest } = emulation;
  if (disks.length === 0 || libkrun.feature('BLK') !== false) return disks;
  const reason = `"${libkrun.path}" was built without disks`;
  if (!guest.foreignRoot?.isOptional) {
    throw new MuvmError('MISSING_PART', `Cannot use the image "${disks[0]?.path}" as ${reason}`, {
      hint: 'Install a libkrun that was built with BLK=1, or use --vmm qemu.',
    });
  }
  onNotice(`the guest has no images for its emulator, as ${reason}`);
  return [];
}
