import { expect, test } from '@jest/globals';
import type { Emulation } from '../../emulation/index.ts';
import { chooseDisks } from './choose-disks.ts';

const DISK = { id: 'muvm-image-0', path: '/image' };

function choose(hasDisks: boolean | undefined, isOptional: boolean) {
  const notices: string[] = [];
  const foreignRoot = { images: [DISK.path], isMerged: false, fexDirectories: [], isOptional };
  const guest = { emulation: { interpreters: [], isOptional: true }, foreignRoot };
  const emulation: Emulation = { guest, disks: [DISK], environment: {}, notices: [] };
  const libkrun = { path: '/libkrun.so.1', feature: () => hasDisks };
  const disks = chooseDisks(libkrun, { emulation, onNotice: (sentence) => notices.push(sentence) });
  return { disks, notices };
}

test('chooseDisks() takes the images where the library has disks, or does not tell', () => {
  expect(choose(true, false)).toEqual({ disks: [DISK], notices: [] });
  expect(choose(undefined, false)).toEqual({ disks: [DISK], notices: [] });
});

test('chooseDisks() refuses images that were asked for where it has none, and does without others', () => {
  expect(() => choose(false, false)).toThrow(
    'Cannot use the image "/image" as "/libkrun.so.1" was built without disks',
  );
  expect(choose(false, true)).toEqual({
    disks: [],
    notices: ['the guest has no images for its emulator, as "/libkrun.so.1" was built without disks'],
  });
});
