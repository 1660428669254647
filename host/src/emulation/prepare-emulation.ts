import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MuvmError, reasonOf } from '@muvm/errors';
import { diskSerial, FOREIGN_ROOT, type GuestConfig, type Interpreter } from '@muvm/protocol/contract';
import type { VmPlan } from '../config/vm-plan.ts';
import { type Emulator, type EmulatorHost, findInterpreters, lacksEmulator } from './emulators.ts';
import { checkImages, FEX_SHARE, installedImages } from './images.ts';

/** A raw image that the guest has as a read-only disk. */
export interface ImageDisk {
  /** Its serial number in the guest, where the machine can give it one. */
  readonly id: string;
  readonly path: string;
}

/** What a machine needs for programs of other processors: everything is found and checked. */
export interface Emulation {
  readonly guest: Pick<GuestConfig, 'emulation' | 'foreignRoot'>;
  /** In the order in which the guest is to have them. */
  readonly disks: readonly ImageDisk[];
  /** For every command. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the user must know of it. */
  readonly notices: readonly string[];
}

type Plan = Pick<VmPlan, 'emulator' | 'fexImages' | 'mergedRootfs'>;

export const THIS_HOST: EmulatorHost = { arch: process.arch, searchPath: process.env['PATH'] ?? '' };

/** On aarch64 the first of these that is installed is used without being asked for. */
const AUTOMATIC: readonly Emulator[] = ['fex', 'box'];

/** @throws MuvmError MISSING_PART for an emulator that was asked for and is not there; USAGE for images that cannot be used */
export async function prepareEmulation(plan: Plan, host: EmulatorHost = THIS_HOST): Promise<Emulation> {
  const { emulator, interpreters } = await choose(plan, host);
  const { images, notices } = chooseImages(plan, emulator, host);
  if (plan.mergedRootfs && plan.fexImages.length === 0 && images.length === 0) {
    throw new MuvmError('USAGE', 'Cannot use --merged-rootfs without an image', { hint: 'Name one with --fex-image.' });
  }
  const isOptional = plan.fexImages.length === 0;
  const fexDirectories = emulator === 'fex' ? directoriesOfFex(interpreters) : [];
  return {
    guest: {
      emulation: { interpreters, isOptional: plan.emulator === undefined },
      foreignRoot: images.length === 0 ? null : { images, isMerged: plan.mergedRootfs, isOptional, fexDirectories },
    },
    disks: images.map((path, index) => ({ id: diskSerial(index), path })),
    environment: images.length === 0 ? {} : environmentOf(emulator, isOptional),
    notices,
  };
}

interface Choice {
  readonly emulator: Emulator | undefined;
  readonly interpreters: readonly Interpreter[];
}

async function choose({ emulator: wished }: Plan, host: EmulatorHost): Promise<Choice> {
  if (wished === 'none' || (wished === undefined && host.arch !== 'arm64')) {
    return { emulator: undefined, interpreters: [] };
  }
  for (const emulator of wished === undefined ? AUTOMATIC : [wished]) {
    const interpreters = await findInterpreters(emulator, host);
    if (interpreters.length > 0) return { emulator, interpreters };
  }
  if (wished !== undefined) throw lacksEmulator(wished);
  return { emulator: undefined, interpreters: [] };
}

/** Those that were named must be good; those that happen to be installed are for FEX, and a machine starts without them. */
function chooseImages(plan: Plan, emulator: Emulator | undefined, { arch }: EmulatorHost) {
  if (plan.fexImages.length > 0) {
    checkImages(plan.fexImages, arch);
    return { images: plan.fexImages, notices: [] };
  }
  const images = emulator === 'fex' ? installedImages() : [];
  try {
    checkImages(images, arch);
    return { images, notices: [] };
  } catch (error) {
    return { images: [], notices: [`FEX has none of its installed images: ${reasonOf(error)}`] };
  }
}

/**
 * Whose emulator finds its libraries by a variable. FEX finds installed images by its own configuration, in which its user
 * may have named others; only images that were asked for are stronger than that.
 */
function environmentOf(emulator: Emulator | undefined, areInstalled: boolean): Record<string, string> {
  if (emulator === 'qemu') return { QEMU_LD_PREFIX: FOREIGN_ROOT };
  return emulator === 'fex' && !areInstalled ? { FEX_ROOTFS: FOREIGN_ROOT } : {};
}

/** Where its builds look for the global configuration. */
function directoriesOfFex(interpreters: readonly Interpreter[]): string[] {
  const beside = interpreters.map(({ path }) => join(dirname(dirname(path)), 'share/fex-emu'));
  const all = [...new Set([FEX_SHARE, '/usr/local/share/fex-emu', ...beside])];
  return all.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
}
