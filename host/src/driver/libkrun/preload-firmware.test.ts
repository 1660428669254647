import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadKoffi } from '@muvm/linux';
import { npmFirmware, npmLibkrun, testWith } from '../../../../test/framework/npm-libraries.ts';
import { firmwareSoname, preloadFirmware } from './preload-firmware.ts';

const MIB = 1024 * 1024;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-libkrun-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(content: Buffer): string {
  const path = join(directory, 'libkrun.so.1');
  writeFileSync(path, content);
  return path;
}

describe('firmwareSoname()', () => {
  test.each([
    ['at the start', 0, 'libkrunfw.so.4'],
    ['across the end of a chunk', MIB - 5, 'libkrunfw.so.5'],
    ['across the end of the second chunk', 2 * MIB - 64 - 1, 'libkrunfw.so.5'],
    ['at the very end', 3 * MIB - 14, 'libkrunfw.so.4'],
  ])('finds the name %s', (_, at, name) => {
    const content = Buffer.alloc(3 * MIB);
    content.write(name, at);
    expect(firmwareSoname(write(content))).toBe(name);
  });

  test.each([
    ['a file without it', Buffer.alloc(2 * MIB, 'libkrun.so.1 ')],
    ['an empty file', Buffer.alloc(0)],
    ['a file for confidential machines', Buffer.from('libkrunfw-sev.so.5')],
  ])('finds none in %s', (_, content) => expect(firmwareSoname(write(content))).toBeUndefined());

  testWith(npmLibkrun, 'finds it in libkrun 1.17.4 of npm', (path) =>
    expect(firmwareSoname(path)).toBe('libkrunfw.so.5'),
  );
});

describe('preloadFirmware()', () => {
  testWith(npmFirmware, 'makes the library found by its name alone, for good', (path) => {
    preloadFirmware(path);
    collectGarbage();
    expect(readFileSync('/proc/self/maps', 'utf8')).toContain(realpathSync(path));
    expect(() => loadKoffi().load('libkrunfw.so.5')).not.toThrow();
  });

  testWith(npmLibkrun, 'refuses a library that is something else', (path) => {
    expect(() => preloadFirmware(path)).toThrow(
      `Cannot use "${path}" as it is not libkrunfw: it has no krunfw_get_kernel`,
    );
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
