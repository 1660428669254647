import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { VmPlan } from '../config/vm-plan.ts';
import { installedImages } from './images.ts';
import { prepareEmulation } from './prepare-emulation.ts';
import { erofsHead } from './testing/index.ts';

type Plan = Pick<VmPlan, 'emulator' | 'fexImages' | 'mergedRootfs'>;

const PLAN: Plan = { emulator: undefined, fexImages: [], mergedRootfs: false };

let directory: string;
let cache: string | undefined;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'muvm-emulation-')));
  mkdirSync(join(directory, 'bin'));
  cache = process.env['XDG_CACHE_HOME'];
  process.env['XDG_CACHE_HOME'] = join(directory, 'cache');
});

afterEach(() => {
  if (cache === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = cache;
  rmSync(directory, { recursive: true });
});

function install(name: string, version = '7.2.0'): string {
  const path = join(directory, 'bin', name);
  writeFileSync(path, `#!/bin/sh\necho "${name} version ${version} (Debian)"\n`, { mode: 0o755 });
  return path;
}

function image(name: string): string {
  const path = join(directory, name);
  writeFileSync(path, erofsHead(12));
  return path;
}

const prepare = (plan: Partial<Plan>, arch: NodeJS.Architecture) =>
  prepareEmulation({ ...PLAN, ...plan }, { arch, searchPath: join(directory, 'bin') });

const rulesOf = async (plan: Partial<Plan>, arch: NodeJS.Architecture) =>
  (await prepare(plan, arch)).guest.emulation.interpreters.map(({ name, flags }) => `${name} ${flags}`);

describe('prepareEmulation() chooses', () => {
  test('on aarch64 FEX, by its new name first, else box64, else none', async () => {
    expect((await prepare({}, 'arm64')).guest.emulation).toEqual({ interpreters: [], isOptional: true });
    install('box64');
    expect(await rulesOf({}, 'arm64')).toEqual(['BOX32 ', 'BOX64 ']);
    const old = install('FEXInterpreter');
    expect((await prepare({}, 'arm64')).guest.emulation.interpreters[0]).toEqual({
      name: 'FEX-x86',
      architecture: 'i386',
      path: old,
      flags: 'POCF',
    });
    const fex = install('FEX');
    expect((await prepare({}, 'arm64')).guest.emulation.interpreters.map(({ path }) => path)).toEqual([fex, fex]);
  });

  test('none where none is wished for, and on x86-64 without being asked', async () => {
    for (const name of ['FEX', 'box64', 'qemu-aarch64']) install(name);
    expect(await rulesOf({}, 'x64')).toEqual([]);
    expect(await rulesOf({ emulator: 'none' }, 'arm64')).toEqual([]);
  });

  test("never a rule for the guest's own programs", async () => {
    for (const name of ['FEX', 'box64', 'qemu-aarch64', 'qemu-arm', 'qemu-x86_64', 'qemu-s390x']) install(name);
    expect(await rulesOf({ emulator: 'fex' }, 'x64')).toEqual(['FEX-x86 POCF']);
    expect(await rulesOf({ emulator: 'qemu' }, 'x64')).toEqual([
      'qemu-arm POCF',
      'qemu-aarch64 POCF',
      'qemu-s390x POCF',
    ]);
    expect(await rulesOf({ emulator: 'qemu' }, 'arm64')).toEqual(['qemu-x86_64 POCF', 'qemu-s390x POCF']);
  });

  test('of QEMU the program that is linked statically, and keeps argv[0] only where QEMU can', async () => {
    install('qemu-aarch64');
    const path = install('qemu-aarch64-static', '5.2.0');
    const rule = { name: 'qemu-aarch64', architecture: 'aarch64', path, flags: 'OCF' };
    expect((await prepare({ emulator: 'qemu' }, 'x64')).guest.emulation).toEqual({
      interpreters: [rule],
      isOptional: false,
    });
  });

  test.each([
    ['fex', 'neither "FEX" nor "FEXInterpreter"'],
    ['box', 'no "box64"'],
    ['qemu', 'no "qemu-ARCHITECTURE" of another processor'],
  ] as const)('nothing in the place of %s where that is asked for and missing', async (emulator, what) => {
    const message = `Cannot use --emu ${emulator} as there is ${what} in PATH`;
    await expect(prepare({ emulator }, 'arm64')).rejects.toMatchObject({ code: 'MISSING_PART', message });
  });
});

describe('prepareEmulation() makes of images', () => {
  test('disks in their order, a root in the guest, and a variable for QEMU', async () => {
    install('qemu-aarch64');
    const images = [image('b'), image('a')];
    expect(await prepare({ emulator: 'qemu', fexImages: images, mergedRootfs: true }, 'x64')).toMatchObject({
      guest: { foreignRoot: { images, isMerged: true, fexDirectories: [], isOptional: false } },
      disks: [
        { id: 'muvm-image-0', path: images[0] },
        { id: 'muvm-image-1', path: images[1] },
      ],
      environment: { QEMU_LD_PREFIX: '/run/muvm/rootfs' },
      notices: [],
    });
  });

  test("what FEX reads: a variable that is stronger than the user's configuration, and its directory", async () => {
    install('FEX');
    const share = join(directory, 'share/fex-emu');
    mkdirSync(share, { recursive: true });
    const { guest, environment } = await prepare({ fexImages: [image('a')] }, 'arm64');
    expect(environment).toEqual({ FEX_ROOTFS: '/run/muvm/rootfs' });
    expect(guest.foreignRoot?.fexDirectories).toContain(share);
  });

  test('a root without an emulator too', async () => {
    const { guest, environment } = await prepare({ fexImages: [image('a')] }, 'x64');
    expect(guest).toMatchObject({ emulation: { interpreters: [] }, foreignRoot: { images: [join(directory, 'a')] } });
    expect(environment).toEqual({});
  });

  test('a refusal where there are more than a machine has room for, or none to merge', async () => {
    const images = Array.from({ length: 9 }, (_, index) => image(`${index}`));
    const refusal = (fexImages: string[], arch: NodeJS.Architecture) =>
      prepare({ fexImages }, arch).catch((error: Error) => error.message);
    expect(await refusal(images.slice(0, 4), 'x64')).toBe('Cannot use 4 images as a machine has room for 3');
    expect(await refusal(images, 'arm64')).toBe('Cannot use 9 images as a machine has room for 8');
    await expect(prepare({ mergedRootfs: true }, 'x64')).rejects.toThrow('Cannot use --merged-rootfs without an image');
  });
});

test('installedImages() finds the base, and what lies over it in the order of names; nothing without a base', () => {
  const share = join(directory, 'share');
  mkdirSync(join(share, 'RootFS'), { recursive: true });
  mkdirSync(join(share, 'overlays'));
  for (const name of ['b.erofs', 'a.erofs', 'README']) writeFileSync(join(share, 'overlays', name), '');
  expect(installedImages(share)).toEqual([]);
  writeFileSync(join(share, 'RootFS/default.erofs'), '');
  expect(installedImages(share)).toEqual(
    ['RootFS/default.erofs', 'overlays/a.erofs', 'overlays/b.erofs'].map((name) => join(share, name)),
  );
});
