import { describe, expect, test } from '@jest/globals';
import { ARCHITECTURES, type Architecture } from '@muvm/protocol/contract';
import { renderBinfmtRule } from './binfmt-rule.ts';
import { headerPattern } from './elf-header.ts';

/** The first 20 bytes of programs, as `od -An -tx1 -N20` shows them. */
const PROGRAMS = {
  i386: '7f454c46 01010100 00000000 00000000 03000300',
  x86_64: '7f454c46 02010100 00000000 00000000 03003e00',
  arm: '7f454c46 01010100 00000000 00000000 02002800',
  aarch64: '7f454c46 02010103 00000000 00000000 0200b700',
  riscv64: '7f454c46 02010100 00000000 00000000 0300f300',
  ppc64le: '7f454c46 02010100 00000000 00000000 03001500',
  s390x: '7f454c46 02020100 00000000 00000000 00030016',
  loongarch64: '7f454c46 02010100 00000000 00000000 03000201',
} as const satisfies Record<Architecture, string>;

const bytesOf = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** As the kernel compares them: fs/binfmt_misc.c. */
function matches(architecture: Architecture, program: Buffer): boolean {
  const { magic, mask } = headerPattern(architecture);
  return magic.every((byte, index) => (((program[index] as number) ^ byte) & (mask[index] as number)) === 0);
}

describe('headerPattern()', () => {
  test.each(ARCHITECTURES)('of %s takes its programs, and those of no other processor', (architecture) => {
    const taken = ARCHITECTURES.filter((other) => matches(architecture, bytesOf(PROGRAMS[other])));
    expect(taken).toEqual([architecture]);
  });

  test('takes AppImages, which have a mark in the padding', () => {
    expect(matches('x86_64', bytesOf('7f454c46 02010100 41490200 00000000 02003e00'))).toBe(true);
  });

  test.each([
    ['an object file', '7f454c46 02010100 00000000 00000000 01003e00'],
    ['a core dump', '7f454c46 02010100 00000000 00000000 04003e00'],
    ['a text', '23212f62 696e2f73 680a6563 686f2068 656c6c6f'],
  ])('does not take %s', (_, text) => expect(matches('x86_64', bytesOf(text))).toBe(false));
});

describe('renderBinfmtRule()', () => {
  const fex = { name: 'FEX-x86_64', architecture: 'x86_64', path: '/usr/bin/FEX', flags: 'POCF' } as const;

  test('writes name, magic, mask, interpreter and flags, as the kernel reads them', () => {
    expect(renderBinfmtRule(fex)).toBe(
      String.raw`:FEX-x86_64:M:0:\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00:` +
        String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\xfe\xff\xff\xff:/usr/bin/FEX:POCF`,
    );
  });

  test('takes another delimiter where the path holds the usual one', () => {
    expect(renderBinfmtRule({ ...fex, path: '/opt/a:b|c/FEX' })).toMatch(
      /^!FEX-x86_64!M!0!.*!\/opt\/a:b\|c\/FEX!POCF$/,
    );
  });

  test('refuses a path that cannot stand in a rule', () => {
    expect(() => renderBinfmtRule({ ...fex, path: '/opt/a\nb' })).toThrow('must be a plainer path');
    expect(() => renderBinfmtRule({ ...fex, path: '/:|!;,%' })).toThrow('must be a plainer path');
  });
});
