import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { GpuWish } from '../../config/vm-plan.ts';
import { chooseGpu, renderNodeObstacle } from './choose-gpu.ts';
import type { Libkrun } from './library.ts';

const NO_NODE = 'there is no GPU node';

/** A library that was built with a GPU, without one, or does not tell. */
const library = (hasGpu: boolean | undefined): Libkrun => ({
  path: '/opt/libkrun.so.1',
  has: () => true,
  call: () => 0,
  feature: () => hasGpu,
});

function choose(wished: GpuWish | undefined, hasGpu: boolean | undefined, obstacle?: string) {
  const { gpu, notice } = chooseGpu(library(hasGpu), wished, () => obstacle);
  return { mode: gpu?.mode, notice };
}

describe('chooseGpu()', () => {
  test('gives what is wished for where library and host have it, and "drm" where nothing is', () => {
    expect(choose(undefined, true)).toEqual({ mode: 'drm', notice: undefined });
    expect(choose('venus', true)).toEqual({ mode: 'venus', notice: undefined });
  });

  test('asks the host for a GPU only if one is wished for', () => {
    expect(choose('software', true, NO_NODE)).toEqual({ mode: 'software', notice: undefined });
    expect(choose('venus', true, NO_NODE)).toEqual({
      mode: 'software',
      notice: `${NO_NODE}, so that programs render with the CPU`,
    });
  });

  test('gives none, with the reason, where the library has none, and tries one that does not tell', () => {
    expect(choose('drm', false).mode).toBeUndefined();
    expect(choose('drm', false).notice).toMatch(/^"\/opt\/libkrun.so.1" was built without GPU support/);
    expect(choose('drm', undefined).mode).toBe('drm');
  });

  test('gives none without a word where none is wished for', () => {
    expect(choose('off', true)).toEqual({ mode: undefined, notice: undefined });
    expect(choose('off', false)).toEqual({ mode: undefined, notice: undefined });
  });
});

describe('renderNodeObstacle()', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'muvm-dri-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('needs one node that can be read and written', () => {
    expect(renderNodeObstacle(directory)).toBe(`there is no GPU node "${directory}/renderD*"`);
    writeFileSync(join(directory, 'card0'), '');
    expect(renderNodeObstacle(directory)).toMatch(/^there is no GPU node/);
    writeFileSync(join(directory, 'renderD128'), '');
    expect(renderNodeObstacle(directory)).toBeUndefined();
  });

  test('takes a directory that is not there for none', () => {
    expect(renderNodeObstacle(join(directory, 'nothing'))).toMatch(/^there is no GPU node/);
  });
});
