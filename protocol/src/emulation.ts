/** Processors that a guest may run programs of by emulation, as `uname -m` names them. */
export const ARCHITECTURES = [
  'i386',
  'x86_64',
  'arm',
  'aarch64',
  'riscv64',
  'ppc64le',
  's390x',
  'loongarch64',
] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

/** A program that runs those of another processor, as a rule of binfmt_misc names it. */
export interface Interpreter {
  /** The name of the rule: a file below /proc/sys/fs/binfmt_misc. */
  readonly name: string;
  readonly architecture: Architecture;
  readonly path: string;
  /**
   * `P` keeps argv[0] as an argument of its own, `O` hands the program over as an open file, `C` gives it the rights of a
   * set-user-ID bit (and implies `O`), `F` opens the interpreter at once, so that other roots have it too.
   *
   * Source: Documentation/admin-guide/binfmt-misc.rst of the kernel.
   */
  readonly flags: string;
}

/** What runs programs of other processors in the guest. */
export interface GuestEmulation {
  readonly interpreters: readonly Interpreter[];
  /** The machine starts without them, where the guest cannot have them. */
  readonly isOptional: boolean;
}

/** A file system with the libraries of another processor, made of images on read-only disks. */
export interface ForeignRoot {
  /** Paths on the host of what the guest's first disks are, in this order; each lies over those before it. */
  readonly images: readonly string[];
  /** The guest's own tree lies below them. */
  readonly isMerged: boolean;
  /** Directories of FEX, whose global configuration is to name this root. */
  readonly fexDirectories: readonly string[];
  /** The machine starts without it, where the guest cannot have it. */
  readonly isOptional: boolean;
}

/** Where the guest has the {@link ForeignRoot}. */
export const FOREIGN_ROOT = '/run/muvm/rootfs';

/** Of images, at most so many in one machine. */
export const IMAGES_MAX = 8;

/** More than there are processors and their rules. */
export const INTERPRETERS_MAX = 16;

/** More than the places that a FEX may have been installed to. */
export const FEX_DIRECTORIES_MAX = 4;

/** The serial number of the disk of an image: at most 20 bytes, which virtio has for it. */
export function diskSerial(index: number): string {
  return `muvm-image-${index}`;
}
