import { describe, expect, test } from '@jest/globals';
import type { KrunFeature } from '../driver/libkrun/functions.ts';
import type { Libkrun } from '../driver/libkrun/library.ts';
import { checkFirmware, checkLibkrun, describeFeatures } from './libkrun.ts';

const PATH = '/opt/lib/libkrun.so.1';
const BUNDLES = '/nonexistent/dist';

function library(features: Partial<Record<KrunFeature, boolean>>): Libkrun {
  return {
    path: PATH,
    has: () => false,
    call: () => 0,
    feature: (name) => features[name],
  };
}

describe('describeFeatures()', () => {
  test.each<[Partial<Record<KrunFeature, boolean>>, string]>([
    [{ NET: true, BLK: true, GPU: false, SND: false, INPUT: false }, 'built with NET, BLK, without GPU, SND, INPUT'],
    [{ NET: true, BLK: true, GPU: true, SND: true, INPUT: true }, 'built with NET, BLK, GPU, SND, INPUT'],
    [{ NET: true, BLK: false }, 'built with NET, without BLK, it does not tell of GPU, SND, INPUT'],
  ])('%j', (features, text) => {
    expect(describeFeatures(library(features))).toBe(text);
  });
});

describe('checkLibkrun()', () => {
  const open = (features: Partial<Record<KrunFeature, boolean>>) => (path: string) => ({ ...library(features), path });

  test('opens the one that is wished for', () => {
    const finding = checkLibkrun({ bundleDirectory: BUNDLES, libkrunPath: PATH }, open({ GPU: true }));
    expect(finding).toMatchObject({ state: 'ok', text: expect.stringContaining(`"${PATH}" loads; built with GPU`) });
  });

  test('notes that a build without GPU costs a feature', () => {
    const finding = checkLibkrun({ bundleDirectory: BUNDLES, libkrunPath: PATH }, open({ GPU: false }));
    expect(finding).toMatchObject({ state: 'note', hint: expect.stringContaining('GPU=1') });
  });

  test('refuses one that is not there', () => {
    expect(() => checkLibkrun({ bundleDirectory: BUNDLES, libkrunPath: '/nonexistent' })).toThrow(
      'Cannot read the library "/nonexistent": no such file or directory',
    );
  });
});

describe('checkFirmware()', () => {
  const before = process.env['MUVM_DEBUG_LIBKRUNFW'];
  const withFirmware = (run: () => void) => {
    process.env['MUVM_DEBUG_LIBKRUNFW'] = '/opt/lib/libkrunfw.so.5';
    try {
      run();
    } finally {
      if (before === undefined) delete process.env['MUVM_DEBUG_LIBKRUNFW'];
      else process.env['MUVM_DEBUG_LIBKRUNFW'] = before;
    }
  };

  test('loads the one that is found, though the libkrun that is wished for is not there', () => {
    withFirmware(() => {
      const loaded: string[] = [];
      const wish = { bundleDirectory: BUNDLES, libkrunPath: '/nonexistent' };
      expect(checkFirmware(wish, (path) => void loaded.push(path)).state).toBe('ok');
      expect(loaded).toEqual(['/opt/lib/libkrunfw.so.5']);
    });
  });

  test('refuses one that cannot be loaded', () => {
    withFirmware(() => {
      expect(() => checkFirmware({ bundleDirectory: BUNDLES, libkrunPath: undefined })).toThrow(
        'Cannot read the library "/opt/lib/libkrunfw.so.5"',
      );
    });
  });
});
