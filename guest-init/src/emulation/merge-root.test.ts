import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { planMerge } from './merge-root.ts';

let directory: string;
let roots: { base: string; low: string; high: string };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-merge-'));
  roots = { base: join(directory, 'base'), low: join(directory, 'low'), high: join(directory, 'high') };
  for (const root of Object.values(roots)) mkdirSync(root);
});

afterEach(() => rmSync(directory, { recursive: true }));

const merge = () => planMerge(roots.base, [roots.low, roots.high]);

describe('planMerge()', () => {
  test('makes one directory of those of a name, lowest first', () => {
    for (const root of Object.values(roots)) mkdirSync(join(root, 'usr'));
    const layers = Object.values(roots).map((root) => join(root, 'usr'));
    expect(merge()).toEqual([{ name: 'usr', kind: 'directory', layers }]);
  });

  test("shows the guest's own where no image has it, with what is mounted there", () => {
    mkdirSync(join(roots.base, 'opt'));
    expect(merge()).toEqual([{ name: 'opt', kind: 'own', path: '/opt' }]);
  });

  test('lets the topmost decide what a name is, and hides what lies below one that is no directory', () => {
    mkdirSync(join(roots.base, 'lib'));
    symlinkSync('usr/lib', join(roots.low, 'lib'));
    mkdirSync(join(roots.high, 'lib'));
    mkdirSync(join(roots.base, 'lib64'));
    symlinkSync('usr/lib64', join(roots.high, 'lib64'));
    writeFileSync(join(roots.low, 'file'), '');
    expect(merge()).toEqual([
      { name: 'file', kind: 'file', path: join(roots.low, 'file') },
      { name: 'lib', kind: 'directory', layers: [join(roots.high, 'lib')] },
      { name: 'lib64', kind: 'link', path: join(roots.high, 'lib64') },
    ]);
  });

  test('lays a directory over the one that a link below it leads to', () => {
    mkdirSync(join(roots.base, 'usr/lib'), { recursive: true });
    symlinkSync('usr/lib', join(roots.base, 'lib'));
    mkdirSync(join(roots.low, 'lib'));
    symlinkSync('../../etc', join(roots.base, 'out'));
    mkdirSync(join(roots.low, 'out'));
    const layersOf = (name: string) => merge().find((entry) => entry.name === name);
    expect(layersOf('lib')).toMatchObject({ layers: [join(roots.base, 'usr/lib'), join(roots.low, 'lib')] });
    expect(layersOf('out')).toMatchObject({ layers: [join(roots.low, 'out')] });
  });

  test("leaves the guest's own directories to the guest, whatever the images have", () => {
    for (const name of ['proc', 'tmp', 'media-of-nobody']) mkdirSync(join(roots.low, name));
    expect(merge()).toEqual([
      { name: 'media-of-nobody', kind: 'directory', layers: [join(roots.low, 'media-of-nobody')] },
      { name: 'proc', kind: 'own', path: '/proc' },
      { name: 'tmp', kind: 'own', path: '/tmp' },
    ]);
  });

  test('refuses a root of more names than any has', () => {
    for (let index = 0; index < 1025; index += 1) writeFileSync(join(roots.low, `${index}`), '');
    expect(merge).toThrow('Cannot merge 1025 names as 1024 is the most');
  });
});
