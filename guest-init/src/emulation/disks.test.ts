import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findDisks } from './disks.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-disks-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function disk(name: string, serial: string): void {
  mkdirSync(join(directory, name));
  writeFileSync(join(directory, name, 'serial'), serial);
}

describe('findDisks()', () => {
  test('goes by serial numbers, whatever the order of the names is', () => {
    disk('vda', 'muvm-image-1\n');
    disk('vdb', 'muvm-image-0\n');
    expect(findDisks(2, directory)).toEqual(['/dev/vdb', '/dev/vda']);
  });

  test('goes by names where the serial numbers are not ours', () => {
    for (const name of ['loop0', 'vdaa', 'vdb', 'vda']) disk(name, 'ABCD');
    expect(findDisks(3, directory)).toEqual(['/dev/vda', '/dev/vdb', '/dev/vdaa']);
  });

  test('tells of a machine with fewer', () => {
    disk('vda', '');
    expect(() => findDisks(2, directory)).toThrow('Cannot find 2 disks as the machine has 1');
  });
});
