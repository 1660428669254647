import { constants, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { deviceNodes } from './device-nodes.ts';
import { checkGpu } from './gpu.ts';
import { checkInput } from './input.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muvm-doctor-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const place = (name: string) => writeFileSync(join(directory, name), '');
// A link to nowhere cannot be opened by root either.
const placeUnusable = (name: string) => symlinkSync('nowhere', join(directory, name));

test('deviceNodes() lists those that match by their number, and why one cannot be used', () => {
  for (const name of ['event10', 'mice']) place(name);
  placeUnusable('event2');
  expect(deviceNodes(directory, /^event\d+$/, constants.R_OK)).toEqual([
    { name: 'event2', path: join(directory, 'event2'), obstacle: 'no such file or directory' },
    { name: 'event10', path: join(directory, 'event10'), obstacle: undefined },
  ]);
});

describe('checkGpu()', () => {
  const check = () => checkGpu(directory, join(directory, 'class'));

  test('notes that there is none', () => {
    place('card0');
    expect(check()).toMatchObject({ state: 'note', text: `There is no GPU node "${directory}/renderD*"` });
  });

  test("names the kernel's driver of each, where that is known", () => {
    for (const name of ['renderD128', 'renderD129']) place(name);
    mkdirSync(join(directory, 'class', 'renderD128', 'device'), { recursive: true });
    symlinkSync('../../../bus/pci/drivers/amdgpu', join(directory, 'class', 'renderD128', 'device', 'driver'));
    expect(check()).toMatchObject({
      state: 'ok',
      text: `"${directory}/renderD128" (driver amdgpu) can be read and written; "${directory}/renderD129" (driver unknown) can be read and written`,
    });
  });

  test('finds a problem where none can be used, and none where one can', () => {
    placeUnusable('renderD128');
    expect(check()).toMatchObject({
      state: 'problem',
      text: expect.stringContaining('cannot be used: no such file or directory'),
      hint: expect.stringContaining('"render"'),
    });
    place('renderD129');
    expect(check().state).toBe('ok');
  });
});

describe('checkInput()', () => {
  const check = () => checkInput(directory, directory);

  test('notes that there is no device', () => {
    expect(check()).toMatchObject({ state: 'note', text: expect.stringContaining('There is neither a') });
  });

  test('counts those that can be read', () => {
    placeUnusable('event0');
    expect(check()).toMatchObject({ state: 'note', hint: expect.stringContaining('"input"') });
    for (const name of ['event1', 'hidraw0']) place(name);
    expect(check()).toMatchObject({
      state: 'ok',
      text: `1 of 2 "${directory}/event*" and 1 of 1 "${directory}/hidraw*" can be read`,
    });
  });
});
