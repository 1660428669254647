import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findFirmware, findLibkrun } from './index.ts';
import { findLibrary } from './places.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-libraries-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A library with a name that no system has. */
function place(...names: string[]): string {
  const path = join(directory, ...names);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  return path;
}

describe('findLibrary()', () => {
  test('takes the first directory that has it, by its name or with the rest of its version', () => {
    const later = place('b', 'libx.so.5');
    const sooner = place('a', 'libx.so.5.6.1');
    const directories = ['missing', 'a', 'b'].map((name) => join(directory, name));
    expect(findLibrary('libx.so.5', directories)).toBe(sooner);
    expect(findLibrary('libx.so.5', directories.toReversed())).toBe(later);
    expect(findLibrary('libx.so.6', directories)).toBeUndefined();
  });

  test('does not take another major version that begins alike', () => {
    place('a', 'libx.so.51');
    expect(findLibrary('libx.so.5', [join(directory, 'a')])).toBeUndefined();
  });
});

describe('findFirmware()', () => {
  test('prefers what lies beside libkrun, where the link points to too', () => {
    const libkrunPath = join(directory, 'libkrun.so.1');
    symlinkSync(place('real', 'libkrun.so.1.99.0'), libkrunPath);
    const firmware = place('real', 'libkrunfw.so.99');
    expect(findFirmware(directory, { soname: 'libkrunfw.so.99', libkrunPath })).toBe(firmware);
  });

  test('does without a libkrun that is not there', () => {
    const firmware = place('lib', 'libkrunfw.so.99');
    expect(findFirmware(directory, { soname: 'libkrunfw.so.99', libkrunPath: '/nonexistent' })).toBe(firmware);
  });

  test('knows the copy of an installed muvm', () => {
    const firmware = place('lib', 'libkrunfw.so.99');
    expect(findFirmware(directory, { soname: 'libkrunfw.so.99' })).toBe(firmware);
  });

  test('says what to do where there is none', () => {
    expect(() => findFirmware(directory, { soname: 'libkrunfw.so.99' })).toThrow(
      /^Cannot find "libkrunfw.so.99", which holds the kernel/,
    );
  });
});

test('findLibkrun() takes the wished one, whatever there is', () => {
  expect(findLibkrun(directory, '/somewhere/libkrun.so')).toBe('/somewhere/libkrun.so');
});
