import type { Architecture } from '@muvm/protocol/contract';

interface ElfKind {
  /** 1: 32 bits, 2: 64 bits. */
  readonly class: 1 | 2;
  /** 1: little-endian, 2: big-endian. */
  readonly data: 1 | 2;
  /** `e_machine`. */
  readonly machine: number;
}

/** Source: linux/elf-em.h. */
const ELF_KINDS: Readonly<Record<Architecture, ElfKind>> = {
  i386: { class: 1, data: 1, machine: 3 },
  x86_64: { class: 2, data: 1, machine: 62 },
  arm: { class: 1, data: 1, machine: 40 },
  aarch64: { class: 2, data: 1, machine: 183 },
  riscv64: { class: 2, data: 1, machine: 243 },
  ppc64le: { class: 2, data: 1, machine: 21 },
  s390x: { class: 2, data: 2, machine: 22 },
  loongarch64: { class: 2, data: 1, machine: 258 },
};

const ELF_VERSION = 1;
/** `e_type` of a program, and of a program that can be loaded anywhere. They differ in one bit. */
const ET_EXEC = 2;
const ET_DYN = 3;

/** The first bytes that the programs of a processor have in common, and which bits of them count. */
export interface HeaderPattern {
  readonly magic: Buffer;
  readonly mask: Buffer;
}

/**
 * The pattern of the first 20 bytes of a program, from its magic number to `e_machine`. Whose conventions it follows, and
 * the padding after that, in which AppImages have a mark, do not count.
 *
 * Source: elf(5).
 */
export function headerPattern(architecture: Architecture): HeaderPattern {
  const kind = ELF_KINDS[architecture];
  const ident = [0x7f, 0x45, 0x4c, 0x46, kind.class, kind.data, ELF_VERSION];
  const padding = Array<number>(9).fill(0);
  return {
    magic: Buffer.from([...ident, ...padding, ...half(kind, ET_EXEC), ...half(kind, kind.machine)]),
    mask: Buffer.from([
      ...ident.map(() => 0xff),
      ...padding,
      ...half(kind, 0xffff ^ (ET_EXEC ^ ET_DYN)),
      ...half(kind, 0xffff),
    ]),
  };
}

/** A number of 16 bits in the order of its processor. */
function half({ data }: ElfKind, value: number): number[] {
  const bytes = [value & 0xff, value >> 8];
  return data === 1 ? bytes : bytes.reverse();
}
